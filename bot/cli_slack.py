"""The commands of ``onrecord`` that set up the Slack app."""

from __future__ import annotations

import typer

slack = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Set up the Slack app.")


@slack.callback()
def _slack() -> None:
    """Set up the Slack app."""


@slack.command()
def manifest() -> None:
    """Print the app manifest: at api.slack.com/apps, Create New App, From a manifest."""
    from importlib import resources

    text = resources.files("bot.adapters").joinpath("slack/manifest.yaml").read_text("utf-8")
    typer.echo(text, nl=False)
