"""Talking about it: the service, its command line and its chat adapters.

The only room where asynchronous code lives.
"""
