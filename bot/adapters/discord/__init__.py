"""Discord: receive, acknowledge, ask the desk, send. The only package that imports discord.py."""
