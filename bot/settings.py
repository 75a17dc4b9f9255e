"""The settings: one typed table, read once from the environment and ``.env``, then handed on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

import corpus
from bot.errors import SettingsError

SHIPPED_ARTICLES = Path(corpus.__file__).parent / "articles"

PREFIX = "ONRECORD_"

DEFAULT_COLLECTION = "main"
"""The collection that is there from the start, and that a server has until it chooses one."""


class Settings(BaseSettings):
    """Each field is the environment variable of its name in capitals with ``ONRECORD_`` before."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("onrecord", appauthor=False)),
        description="Folder for everything On Record writes: models, indexes, state. "
        "Default: the platform's user data folder.",
    )
    articles: Path = Field(
        default=SHIPPED_ARTICLES,
        description="Folder of the articles of the collection main. Default: its own under "
        "ONRECORD_HOME if there is one, otherwise the articles that are shipped.",
    )
    corpus: str = Field(
        default=DEFAULT_COLLECTION,
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="Collection that commands in the terminal work on without --corpus.",
    )
    owners: str = Field(
        default="",
        description="Who may run every collection from any server, as platform:id, set apart by "
        "commas, such as discord:1234.",
    )
    owners_only: str = Field(
        default="",
        description="Collections that only these owners may run, set apart by commas: those that "
        "servers of different people are tied to, main above all.",
    )
    model: str = Field(
        default="all-MiniLM-L6-v2",
        min_length=1,
        description="Embedding model: a sentence-transformers name or folder. "
        "The default is installed with On Record and needs no network.",
    )
    languages: str = Field(
        default="",
        pattern=r"^[a-z]{2,3}([, ]+[a-z]{2,3})*$|^(any)?$",
        description="Languages that the model knows, such as en or en,de; articles in others are "
        "told and not added. Default: en for the default model, any for others.",
    )
    fetch_hosts: str = Field(
        default="",
        description="Hosts whose pages may be fetched although they are not on the open internet, "
        "as host or host:port, set apart by commas, for an intranet or tests.",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto",
        description="Where the model runs: auto, cpu, cuda or mps.",
    )
    workers: int = Field(default=2, ge=1, le=64, description="Questions answered at the same time.")
    waiting: int = Field(
        default=500,
        ge=0,
        le=10_000,
        description="Questions that may wait beyond these; further ones are asked to come back.",
    )
    timeout: float = Field(
        default=30.0, gt=0, le=600, description="Seconds a question may take, its waiting included."
    )
    build_memory: int = Field(
        default=2048,
        ge=0,
        description="Megabytes of its own that the process which reindexes may use; 0 for no "
        "limit. Larger models than the default need more.",
    )
    build_threads: int = Field(
        default=1,
        ge=0,
        le=64,
        description="Passages that it embeds at once while questions are answered; 0 for as many "
        "as there are processors.",
    )
    build_nice: int = Field(
        default=19,
        ge=0,
        le=19,
        description="How far it steps back for other work, as with nice: 19 for the lowest "
        "priority, 0 for the usual one.",
    )
    reindex_schedule: str = Field(
        default="",
        description="When collections are reindexed by themselves while the bot serves, in cron "
        "form and local time, such as `0 3 * * *`; empty for never. A collection may have its own.",
    )
    reindex_on_change: bool = Field(
        default=False,
        description="Whether collections are reindexed when their folder of articles has changed.",
    )
    reindex_check: float = Field(
        default=30.0,
        gt=0,
        le=86_400,
        description="Seconds between two looks at schedules and folders.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="Least serious messages to log: DEBUG to ERROR."
    )
    member_questions: int = Field(
        default=6, ge=1, description="Questions that one member may ask within a minute."
    )
    server_questions: int = Field(
        default=300, ge=1, description="Questions that a server's members may ask within a minute."
    )
    grace: float = Field(
        default=20.0,
        ge=0,
        le=600,
        description="Seconds that running questions have to finish when the bot is stopped.",
    )
    corrections: bool = Field(
        default=True, description="Whether earlier answers are corrected when an article changes."
    )
    correction_pause: float = Field(
        default=1.0,
        ge=0,
        le=600,
        description="Seconds between two corrections of earlier answers.",
    )
    discord_token: SecretStr = Field(
        default=SecretStr(""),
        description="Token of the Discord bot, from the developer portal. Keep it secret.",
    )
    discord_message_content: bool = Field(
        default=False,
        description="Whether the message content intent is switched on for the bot in the "
        "developer portal: follow-ups in its own threads then need no mention.",
    )
    discord_answer_bots: bool = Field(
        default=False, description="Whether other bots and webhooks are answered too."
    )
    discord_server: int = Field(
        default=0,
        ge=0,
        description="Id of a server to try new commands on: they appear there at once, and "
        "nowhere else. 0 for all servers.",
    )
    discord_api: str = Field(
        default="https://discord.com/api/v10",
        pattern=r"^https?://",
        description="Address of Discord's REST interface, with its version.",
    )
    discord_gateway: str = Field(
        default="",
        pattern=r"^(wss?://.*)?$",
        description="Address of Discord's gateway. Default: the one that the REST interface names.",
    )
    slack_bot_token: SecretStr = Field(
        default=SecretStr(""),
        description="Token of the Slack bot, which begins with xoxb-. Keep it secret.",
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""),
        description="Token of the Slack app for Socket Mode, which begins with xapp-. "
        "Keep it secret.",
    )
    slack_mode: Literal["socket", "http"] = Field(
        default="socket",
        description="How Slack reaches the bot: socket needs no public address, http listens "
        "for Slack's requests at /slack/events.",
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signing secret of the Slack app, for http. Keep it secret.",
    )
    slack_host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address to listen on for Slack's requests, for http.",
    )
    slack_port: int = Field(
        default=3000, ge=0, le=65_535, description="Port to listen on for Slack's requests."
    )
    slack_answer_bots: bool = Field(
        default=False, description="Whether other bots are answered too on Slack."
    )
    slack_api: str = Field(
        default="https://slack.com/api/",
        pattern=r"^https?://",
        description="Address of Slack's Web API.",
    )

    @property
    def collection(self) -> Path:
        """Folder of the index that commands in the terminal work on."""
        return self.home / "collections" / self.corpus

    def on(self, corpus: str | None) -> Settings:
        """These settings with another collection to work on; unchanged for ``None``."""
        return self if corpus is None else self.model_copy(update={"corpus": corpus})


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings of this process.

    Args:
        env_file: read besides the environment, which goes before it; ``None`` for none.

    Raises:
        SettingsError: naming each setting that does not fit, and its value.
    """
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError([_fault(one) for one in error.errors()]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{env_file} cannot be read ({error})"]) from None


def _fault(error: object) -> str:
    assert isinstance(error, dict)
    name = "".join(str(part) for part in error["loc"]).upper()
    return f"{PREFIX}{name.removeprefix(PREFIX)} is {error['input']!r}: {error['msg']}"
