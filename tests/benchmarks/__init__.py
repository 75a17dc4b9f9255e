"""Benchmarks: each compares within one run, so that its figures carry over to other machines."""
