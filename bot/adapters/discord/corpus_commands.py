"""``/corpus``: adding, listing, showing and removing articles, and watching feeds.

Who may is decided in ``bot.librarian`` at each call and each button: server owners can let
anybody see a command.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands

from bot.adapters.discord.delivery import NO_PINGS, plain, respond, sentence
from bot.adapters.discord.members import PLATFORM, refused, user_of
from bot.adapters.discord.naming import name_of, text_of
from bot.adapters.discord.problems import told
from bot.errors import BotError, NoArticleError, RightsError
from bot.librarian import Sending, key_of
from bot.localization import phrases
from bot.rendering.corpus import act_line
from bot.rendering.corpus_chat import (
    list_text,
    outcomes_text,
    past_text,
    shown_text,
    watches_text,
)
from corpus.errors import ArticleError, CorpusError
from corpus.intake.gathering import MAX_FILE

if TYPE_CHECKING:
    import re
    from collections.abc import AsyncIterator

    from bot.adapters.discord.client import OnRecordBot
    from bot.localization import Phrases
    from corpus.intake import Outcome

    Interaction = discord.Interaction[OnRecordBot]

_LONGEST_NAME = 100
"""Characters of a choice in a menu of Discord."""
_CHOICES = 25
_ACTS = 20
_KEPT = 50
"""Sendings that are kept for *Add anyway*."""
_PROGRESS = 3.0
"""Seconds between two edits that tell how far it is; Discord allows five in as many."""


@asynccontextmanager
async def _answering(interaction: Interaction) -> AsyncIterator[Phrases]:
    """Acknowledge, and tell the member what cannot be done, in words that say why."""
    words = phrases(interaction.locale.value)
    async with told(interaction, words):
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            yield words
        except RightsError as error:
            text = refused(error.refusal, error.wishes, words)
            await respond(interaction, sentence(text), words, ephemeral=True)
        except NoArticleError:
            await _say(interaction, words("corpus_no_article"), words)
        except (BotError, CorpusError, OSError) as error:
            reason = str(error).rstrip(".")
            await _say(interaction, words("corpus_failed", reason=reason), words)


async def _say(
    interaction: Interaction, text: str, words: Phrases, view: discord.ui.View | None = None
) -> None:
    await respond(interaction, plain(text), words, view=view, ephemeral=True)


class Pending:
    """What was sent and doubted, for those who add it anyway; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, Sending]] = OrderedDict()

    def keep(self, key: str, collection: str, sending: Sending) -> None:
        """Keep ``sending``, meant for ``collection``, under ``key``."""
        self._kept[key] = (collection, sending)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def get(self, key: str, collection: str) -> Sending | None:
        """What is kept under ``key`` for ``collection``."""
        meant, sending = self._kept.get(key, ("", None))
        return sending if meant == collection else None


class CorpusButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"onrecord:corpus:(?P<action>remove|leave|force):(?P<key>[0-9a-f]{16})",
):
    """A button under something to confirm. Its state is in its id, so it outlives a restart.

    Args:
        action: what it does.
        key: of the article or the sending, see ``bot.librarian.key_of``.
        words: for its label; not needed where it only takes a click.
    """

    def __init__(self, action: str, key: str, words: Phrases | None = None) -> None:
        labels = {
            "remove": "corpus_remove_yes",
            "leave": "corpus_remove_no",
            "force": "corpus_add_anyway",
        }
        red = discord.ButtonStyle.danger
        super().__init__(
            discord.ui.Button(
                label=words(labels[action]) if words else action,
                style=discord.ButtonStyle.secondary if action == "leave" else red,
                custom_id=f"onrecord:corpus:{action}:{key}",
            )
        )
        self.action = action
        self.key = key

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """The button that was clicked, from the id that came back."""
        return cls(match["action"], match["key"])

    async def callback(self, interaction: discord.Interaction[OnRecordBot]) -> None:  # type: ignore[override]
        """Do what was to be confirmed, if whoever clicks may."""
        async with _answering(interaction) as words:
            librarian, member = interaction.client.librarian, user_of(interaction)
            collection = (await librarian.check(member)).collection
            if self.action == "leave":
                await _say(interaction, words("corpus_left"), words)
            elif self.action == "remove":
                article = await librarian.with_key(member, self.key)
                event = await librarian.remove(member, article.id)
                text = words("corpus_removed", title=event.title, id=event.id)
                await _say(interaction, f"{text}\n{words('corpus_next')}", words)
            elif sending := interaction.client.pending.get(self.key, collection):
                await _add(interaction, sending, words, force=True)
            else:
                await _say(interaction, words("corpus_add_again"), words)


def _view(words: Phrases, key: str, *actions: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for action in actions:
        view.add_item(CorpusButton(action, key, words))
    return view


async def _add(
    interaction: Interaction, sending: Sending, words: Phrases, *, force: bool = False
) -> None:
    """Take in what was sent, telling how far it is, then what came of it."""
    done: list[int] = [0]
    adding = asyncio.create_task(
        interaction.client.librarian.add(
            user_of(interaction), sending, lambda count: done.append(count), force=force
        )
    )
    while not (await asyncio.wait((adding,), timeout=_PROGRESS))[0]:
        text = words("corpus_working", count=done[-1])
        await interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)
    outcomes = await adding
    view = await _force_view(interaction, sending, outcomes, words) if not force else None
    await _say(interaction, outcomes_text(outcomes, words), words, view)


async def _force_view(
    interaction: Interaction, sending: Sending, outcomes: list[Outcome], words: Phrases
) -> discord.ui.View | None:
    if not any(outcome.doubt for outcome in outcomes):
        return None
    wishes = await interaction.client.librarian.check(user_of(interaction))
    key = key_of(f"{interaction.id}")
    interaction.client.pending.keep(key, wishes.collection, sending)
    return _view(words, key, "force")


async def _articles(
    interaction: discord.Interaction[OnRecordBot], typed: str
) -> list[app_commands.Choice[str]]:
    """Articles to choose from, for those who may see them."""
    try:
        articles = await interaction.client.librarian.articles(user_of(interaction))
    except (BotError, CorpusError):
        return []
    wanted = typed.casefold()
    found = [one for one in articles if wanted in f"{one.title} {one.id}".casefold()]
    return [
        app_commands.Choice(name=one.title[:_LONGEST_NAME], value=one.id)
        for one in found
        if len(one.id) <= _LONGEST_NAME
    ][:_CHOICES]


async def _watched(
    interaction: discord.Interaction[OnRecordBot], typed: str
) -> list[app_commands.Choice[str]]:
    """What is watched, to choose from."""
    try:
        watches = await interaction.client.librarian.watches(user_of(interaction))
    except (BotError, CorpusError):
        return []
    found = [one.url for one in watches if typed.casefold() in one.url.casefold()]
    short = [url for url in found if len(url) <= _LONGEST_NAME]
    return [app_commands.Choice(name=url, value=url) for url in short[:_CHOICES]]


class Corpus(app_commands.Group):
    """The articles that a server is answered from."""

    def __init__(self) -> None:
        super().__init__(name=name_of("corpus"), description=text_of("corpus"), guild_only=True)

    @app_commands.command(name=name_of("corpus_add"), description=text_of("corpus_add"))
    @app_commands.rename(file=name_of("corpus_add_file"), link=name_of("corpus_link"))
    @app_commands.describe(file=text_of("corpus_add_file"), link=text_of("corpus_link"))
    async def add(
        self,
        interaction: discord.Interaction[OnRecordBot],
        file: discord.Attachment | None = None,
        link: str | None = None,
    ) -> None:
        """Add a file, what is at a link, or both."""
        async with _answering(interaction) as words:
            await interaction.client.librarian.check(user_of(interaction))
            if file is None and not link:
                await _say(interaction, words("corpus_add_what"), words)
            elif file is not None and file.size > MAX_FILE:
                limit = MAX_FILE // 2**20
                text = words("corpus_too_large", name=file.filename, limit=limit)
                await _say(interaction, text, words)
            else:
                files = ((file.filename, await file.read()),) if file is not None else ()
                await _add(interaction, Sending(files, (link or "").strip()), words)

    @app_commands.command(name=name_of("corpus_list"), description=text_of("corpus_list"))
    @app_commands.rename(page=name_of("corpus_list_page"))
    @app_commands.describe(page=text_of("corpus_list_page"))
    async def list(
        self,
        interaction: discord.Interaction[OnRecordBot],
        page: app_commands.Range[int, 1] = 1,
    ) -> None:
        """List the articles, a page at a time."""
        async with _answering(interaction) as words:
            articles = await interaction.client.librarian.articles(user_of(interaction))
            await _say(interaction, list_text(articles, page, words), words)

    @app_commands.command(name=name_of("corpus_show"), description=text_of("corpus_show"))
    @app_commands.rename(article=name_of("corpus_article"))
    @app_commands.describe(article=text_of("corpus_article"))
    @app_commands.autocomplete(article=_articles)
    async def show(self, interaction: discord.Interaction[OnRecordBot], article: str) -> None:
        """Show what is known of an article."""
        async with _answering(interaction) as words:
            past = await interaction.client.librarian.show(user_of(interaction), article)
            await _say(interaction, shown_text(past, words), words)

    @app_commands.command(name=name_of("corpus_remove"), description=text_of("corpus_remove"))
    @app_commands.rename(article=name_of("corpus_article"))
    @app_commands.describe(article=text_of("corpus_article"))
    @app_commands.autocomplete(article=_articles)
    async def remove(self, interaction: discord.Interaction[OnRecordBot], article: str) -> None:
        """Ask whether to take an article out."""
        async with _answering(interaction) as words:
            librarian, member = interaction.client.librarian, user_of(interaction)
            wishes = await librarian.check(member)
            found = (await librarian.show(member, article)).article
            text = words("corpus_remove_sure", title=found.title, id=found.id)
            key = key_of(wishes.collection, found.id)
            await _say(interaction, text, words, _view(words, key, "remove", "leave"))

    @app_commands.command(name=name_of("corpus_restore"), description=text_of("corpus_restore"))
    @app_commands.rename(article=name_of("corpus_article"))
    @app_commands.describe(article=text_of("corpus_article"))
    async def restore(self, interaction: discord.Interaction[OnRecordBot], article: str) -> None:
        """Bring an article back as it was before it was removed or changed."""
        async with _answering(interaction) as words:
            event = await interaction.client.librarian.restore(user_of(interaction), article)
            text = words("corpus_restored", title=event.title, id=event.id)
            await _say(interaction, f"{text}\n{words('corpus_next')}", words)

    @app_commands.command(name=name_of("corpus_history"), description=text_of("corpus_history"))
    @app_commands.rename(article=name_of("corpus_article"))
    @app_commands.describe(article=text_of("corpus_article"))
    async def history(
        self, interaction: discord.Interaction[OnRecordBot], article: str | None = None
    ) -> None:
        """Tell what was done to the corpus, or to one article."""
        async with _answering(interaction) as words:
            librarian, member = interaction.client.librarian, user_of(interaction)
            if article:
                text = past_text(await librarian.history(member, article), words)
            else:
                acts = await librarian.acts(member, _ACTS)
                text = "\n".join(map(act_line, acts)) or words("corpus_no_history")
            await _say(interaction, text, words)

    @app_commands.command(name=name_of("corpus_watch"), description=text_of("corpus_watch"))
    @app_commands.rename(link=name_of("corpus_link"), hours=name_of("corpus_watch_hours"))
    @app_commands.describe(link=text_of("corpus_link"), hours=text_of("corpus_watch_hours"))
    async def watch(
        self,
        interaction: discord.Interaction[OnRecordBot],
        link: str,
        hours: app_commands.Range[int, 1, 24 * 31] = 6,
    ) -> None:
        """Read a feed or sitemap again and again."""
        async with _answering(interaction) as words:
            place = f"{PLATFORM}:{interaction.channel_id}"
            librarian, url = interaction.client.librarian, link.strip()
            try:
                await librarian.watch(user_of(interaction), url, hours, place)
            except ArticleError as error:
                text = words("corpus_failed", reason=f"{url} {error}")
            else:
                text = words("corpus_watching", url=url, hours=hours)
            await _say(interaction, text, words)

    @app_commands.command(name=name_of("corpus_unwatch"), description=text_of("corpus_unwatch"))
    @app_commands.rename(link=name_of("corpus_link"))
    @app_commands.describe(link=text_of("corpus_link"))
    @app_commands.autocomplete(link=_watched)
    async def unwatch(self, interaction: discord.Interaction[OnRecordBot], link: str) -> None:
        """Read a feed or sitemap no longer."""
        async with _answering(interaction) as words:
            url = link.strip()
            was = await interaction.client.librarian.unwatch(user_of(interaction), url)
            key = "corpus_unwatched" if was else "corpus_not_watched"
            await _say(interaction, words(key, url=url), words)

    @app_commands.command(name=name_of("corpus_watches"), description=text_of("corpus_watches"))
    async def watches(self, interaction: discord.Interaction[OnRecordBot]) -> None:
        """List what is watched."""
        async with _answering(interaction) as words:
            found = await interaction.client.librarian.watches(user_of(interaction))
            await _say(interaction, watches_text(found, words), words)
