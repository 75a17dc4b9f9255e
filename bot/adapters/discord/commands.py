"""The commands: their names in each language, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.adapters.discord.delivery import plain, respond, sentence
from bot.adapters.discord.members import refused, user_of
from bot.adapters.discord.naming import name_of, text_of
from bot.adapters.discord.problems import told
from bot.adapters.discord.version_commands import corpus_group, reindex, tell
from bot.localization import DEFAULT, languages, phrases

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.adapters.discord.client import OnRecordBot
    from bot.keeping import Keeping
    from bot.ledger import Wishes
    from bot.localization import Phrases
    from bot.rights import Member

    Interaction = discord.Interaction[OnRecordBot]

_LONGEST_QUESTION = 2000
_OFFERED = 25
"""Choices that Discord shows at most."""


class Translator(app_commands.Translator):
    """Puts names and descriptions of commands into Discord's localisation fields."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        _: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The words for ``locale``, ``None`` where nobody has translated them."""
        language = locale.value.split("-")[0]
        key = string.extras.get("key")
        if key is None or language == DEFAULT or language not in languages():
            return None
        return phrases(language).commands[key]


class Tree(app_commands.CommandTree["OnRecordBot"]):
    """The commands of the bot, and where their errors end."""

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Tell a member what failed; nothing gets as far as this but faults of the adapter."""
        async with told(interaction, phrases(interaction.locale.value)):
            raise error


def add_commands(tree: Tree) -> None:
    """Register all commands."""
    tree.add_command(_ask)
    tree.add_command(_help)
    tree.add_command(_about)
    tree.add_command(Privacy())
    tree.add_command(Config())
    tree.add_command(reindex)
    tree.add_command(corpus_group())
    tree.add_command(app_commands.ContextMenu(name=name_of("ask_about"), callback=_ask_about))


@app_commands.command(name=name_of("ask"), description=text_of("ask"))
@app_commands.rename(question=name_of("ask_question"))
@app_commands.describe(question=text_of("ask_question"))
async def _ask(
    interaction: discord.Interaction[OnRecordBot],
    question: app_commands.Range[str, 1, _LONGEST_QUESTION],
) -> None:
    await interaction.client.answering.command(interaction, question)


async def _ask_about(
    interaction: discord.Interaction[OnRecordBot], message: discord.Message
) -> None:
    text = message.content or " ".join(embed.description or "" for embed in message.embeds)
    await interaction.client.answering.command(interaction, text)


@app_commands.command(name=name_of("help"), description=text_of("help"))
async def _help(interaction: discord.Interaction[OnRecordBot]) -> None:
    async with told(interaction, words := phrases(interaction.locale.value)):
        await _say(interaction, words("help"), words)


@app_commands.command(name=name_of("about"), description=text_of("about"))
async def _about(interaction: discord.Interaction[OnRecordBot]) -> None:
    async with told(interaction, words := phrases(interaction.locale.value)):
        await interaction.response.defer(ephemeral=True, thinking=True)
        text = await interaction.client.describe(words, str(interaction.guild_id or ""))
        await respond(interaction, plain(text), words, ephemeral=True)


async def _say(interaction: Interaction, text: str, words: Phrases) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await respond(interaction, sentence(text), words, ephemeral=True)


class Privacy(app_commands.Group):
    """What is stored about a member."""

    def __init__(self) -> None:
        super().__init__(name=name_of("privacy"), description=text_of("privacy"))

    @app_commands.command(name=name_of("privacy_delete"), description=text_of("privacy_delete"))
    async def delete(self, interaction: discord.Interaction[OnRecordBot]) -> None:
        """Delete all of it."""
        async with told(interaction, words := phrases(interaction.locale.value)):
            await interaction.response.defer(ephemeral=True, thinking=True)
            deleted = await interaction.client.desk.delete_person(str(interaction.user.id))
            text = words("deleted", answers=deleted.answers, feedback=deleted.feedback)
            await respond(interaction, sentence(text), words, ephemeral=True)


class _Place(app_commands.Transformer):
    """A channel or category to answer in, as Discord's own menu offers it."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """What Discord's menu is to offer."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Of which kinds."""
        kinds = discord.ChannelType
        return [kinds.text, kinds.news, kinds.forum, kinds.voice, kinds.stage_voice, kinds.category]

    async def transform(self, _: discord.Interaction, value: Any, /) -> str:
        """The id of the channel."""
        return str(value.id)


_Channel = app_commands.Transform[str, _Place]


class Config(app_commands.Group):
    """Where and how the bot answers on a server.

    Server owners can give anybody the right to see these commands, so the right to manage the
    server is checked at each call.
    """

    def __init__(self) -> None:
        super().__init__(
            name=name_of("config"),
            description=text_of("config"),
            guild_only=True,
            default_permissions=discord.Permissions(manage_guild=True),
        )

    @app_commands.command(name=name_of("config_show"), description=text_of("config_show"))
    async def show(self, interaction: discord.Interaction[OnRecordBot]) -> None:
        """Show the settings."""
        await _configure(interaction, lambda _: {})

    @app_commands.command(name=name_of("config_allow"), description=text_of("config_allow"))
    @app_commands.rename(channel=name_of("config_channel"))
    @app_commands.describe(channel=text_of("config_channel"))
    async def allow(self, interaction: discord.Interaction[OnRecordBot], channel: _Channel) -> None:
        """Answer in a channel, and in no others that are not allowed too."""
        await _configure(
            interaction,
            lambda now: {"channels": tuple(dict.fromkeys((*now.channels, channel)))},
        )

    @app_commands.command(name=name_of("config_deny"), description=text_of("config_deny"))
    @app_commands.rename(channel=name_of("config_channel"))
    @app_commands.describe(channel=text_of("config_channel"))
    async def deny(self, interaction: discord.Interaction[OnRecordBot], channel: _Channel) -> None:
        """Answer in a channel no longer."""
        await _configure(
            interaction,
            lambda now: {"channels": tuple(one for one in now.channels if one != channel)},
        )

    @app_commands.command(
        name=name_of("config_everywhere"), description=text_of("config_everywhere")
    )
    async def everywhere(self, interaction: discord.Interaction[OnRecordBot]) -> None:
        """Answer in all channels."""
        await _configure(interaction, lambda _: {"channels": ()})

    @app_commands.command(name=name_of("config_threads"), description=text_of("config_threads"))
    @app_commands.rename(use=name_of("config_threads_use"))
    @app_commands.describe(use=text_of("config_threads_use"))
    async def threads(self, interaction: discord.Interaction[OnRecordBot], use: bool) -> None:
        """Answer in threads, or where the question stands."""
        await _configure(interaction, lambda _: {"threads": use})

    @app_commands.command(name=name_of("config_admins"), description=text_of("config_admins"))
    @app_commands.rename(role=name_of("config_admins_role"))
    @app_commands.describe(role=text_of("config_admins_role"))
    async def admins(
        self, interaction: discord.Interaction[OnRecordBot], role: discord.Role | None = None
    ) -> None:
        """Let a role run the corpus."""
        await _configure(interaction, lambda _: {"admins": str(role.id) if role else ""})

    @app_commands.command(name=name_of("config_block"), description=text_of("config_block"))
    @app_commands.rename(role=name_of("config_block_role"))
    @app_commands.describe(role=text_of("config_block_role"))
    async def block(
        self, interaction: discord.Interaction[OnRecordBot], role: discord.Role | None = None
    ) -> None:
        """Answer the members of a role no longer."""
        await _configure(interaction, lambda _: {"blocked": str(role.id) if role else ""})

    @app_commands.command(
        name=name_of("config_corrections"), description=text_of("config_corrections")
    )
    @app_commands.rename(use=name_of("config_corrections_use"))
    @app_commands.describe(use=text_of("config_corrections_use"))
    async def corrections(
        self, interaction: discord.Interaction[OnRecordBot], use: bool | None = None
    ) -> None:
        """Correct earlier answers or not, and how the last corrections went."""
        changes: dict[str, object] = {} if use is None else {"corrections": use}
        await _configure(interaction, lambda _: changes, _corrections)

    @app_commands.command(name=name_of("config_corpus"), description=text_of("config_corpus"))
    @app_commands.rename(name=name_of("config_corpus_name"))
    @app_commands.describe(name=text_of("config_corpus_name"))
    async def corpus(self, interaction: discord.Interaction[OnRecordBot], name: str) -> None:
        """Answer from another corpus."""

        async def tie(keeping: Keeping, member: Member, words: Phrases) -> str:
            return _told(await keeping.tie(member, name.strip()), words)

        await tell(interaction, tie)

    @corpus.autocomplete("name")
    async def _offer_names(
        self, interaction: discord.Interaction[OnRecordBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        names = await interaction.client.keeping.choices(user_of(interaction))
        found = [name for name in names if typed in name]
        return [app_commands.Choice(name=name, value=name) for name in found[:_OFFERED]]


async def _corrections(client: OnRecordBot, server: str, words: Phrases) -> str:
    return words.corrections(await client.desk.corrections(server))


async def _configure(
    interaction: Interaction,
    change: Callable[[Wishes], dict[str, object]],
    more: Callable[[OnRecordBot, str, Phrases], Awaitable[str]] | None = None,
) -> None:
    """Change what a server wants, if the member may, and show all of it, with ``more``."""
    words = phrases(interaction.locale.value)
    async with told(interaction, words):
        await interaction.response.defer(ephemeral=True, thinking=True)
        desk, member = interaction.client.desk, user_of(interaction)
        wishes = await desk.wishes(member.server)
        if refusal := interaction.client.rights.to_configure(member):
            text = refused(refusal, wishes, words)
        else:
            if changes := change(wishes):
                wishes = await desk.wish(member.server, **changes)
                details = ", ".join(f"{name}: {value}" for name, value in changes.items())
                await desk.record(member, "config", details, "done")
            text = _told(wishes, words)
            if more is not None:
                text += "\n\n" + await more(interaction.client, member.server, words)
        await respond(interaction, sentence(text), words, ephemeral=True)


def _told(wishes: Wishes, words: Phrases) -> str:
    return words(
        "config",
        channels=", ".join(f"<#{one}>" for one in wishes.channels) or words("everywhere"),
        threads=words("yes" if wishes.threads else "no"),
        role=_role(wishes.admins, words),
        blocked=_role(wishes.blocked, words),
        collection=wishes.collection,
        corrections=words("yes" if wishes.corrections else "no"),
    )


def _role(role: str, words: Phrases) -> str:
    return f"<@&{role}>" if role else words("nobody")
