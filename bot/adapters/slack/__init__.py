"""Slack: receive, acknowledge, ask the desk, send. The only package that imports Slack's SDK."""
