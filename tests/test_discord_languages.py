"""Commands carry their names in every language, and are registered only when they changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.localization import phrases
from tests.discord_world import QUESTION, WORDS, World, app_of, seen, settings_in, world

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def _puts(here: World) -> list[Any]:
    return [one for one in here.env.http_requests if one.method == "PUT"]


async def test_names_and_descriptions_are_in_discord_s_localisation_fields(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        (put,) = _puts(here)
        commands = {one["name"]: one for one in put.json}
        quotes = {"quote", "whosaid", "speakers", "Who said this?"}
        rest = {"ask", "help", "about", "privacy", "config", "Ask about this"}
        corpus = {"reindex", "corpus"}
        assert set(commands) == quotes | rest | corpus
        assert commands["quote"]["name_localizations"]["de"] == "zitat"
        assert commands["quote"]["options"][0]["name_localizations"]["es-ES"] == "quién"
        assert commands["quote"]["options"][0]["autocomplete"]
        assert commands["Who said this?"]["name_localizations"]["fr"] == "Qui a dit cela ?"
        ask = commands["ask"]
        assert ask["name_localizations"]["de"] == "frage"
        assert ask["name_localizations"]["es-ES"] == ask["name_localizations"]["es-419"]
        assert ask["description_localizations"]["fr"] == "Poser une question aux articles"
        assert ask["options"][0]["name_localizations"]["es-ES"] == "pregunta"
        assert commands["Ask about this"]["name_localizations"]["de"] == "Danach fragen"
        (delete,) = commands["privacy"]["options"]
        assert delete["name_localizations"]["fr"] == "supprimer"
        assert "en-US" not in ask["name_localizations"]


async def test_a_server_s_language_is_spoken_and_the_articles_words_stay(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        guild = here.env.create_guild("Servidor", preferred_locale="es-ES")
        channel = guild.create_text_channel("preguntas")
        ana = guild.add_member(here.env.create_user("ana"))
        await ana.send(channel, f"{here.me} {QUESTION}")
        (reply,) = here.replies(channel)
        assert seen(reply) == (
            "“A closed set has eight people at most,” Oops told Mashable. [1]\n\n"
            "Fuentes\n[1] Oops on set safety, “Closed sets”, párrafo 1"
        )
        (row,) = reply.components
        labels = [button.label for button in row.children]  # type: ignore[union-attr]
        assert labels[0] == phrases("es")("show_context")


async def test_commands_that_have_not_changed_are_not_registered_again(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.restart()
        await here.restart()
        assert len(_puts(here)) == 1


async def test_commands_that_have_changed_are_registered_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path) as here:
        monkeypatch.setitem(phrases("de").commands, "ask_text", "Etwas anderes")
        await here.restart()
        assert len(_puts(here)) == 2


async def test_commands_that_somebody_else_took_away_are_registered_again(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.bot.http.bulk_upsert_global_commands(here.bot.application_id or 0, [])
        await here.restart()
        assert len(_puts(here)) == 3


async def test_a_server_to_try_commands_on_gets_them_alone(tmp_path: Path) -> None:
    app = app_of(settings_in(tmp_path, discord_server=4242))
    async with world(tmp_path, app) as here:
        (put,) = _puts(here)
        assert "/guilds/4242/commands" in put.path


async def test_questions_are_answered_even_if_commands_cannot_be_registered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with world(tmp_path) as here:
        here.env.inject_error("PUT", "/applications/*", status=400, code=30034)
        here.env.inject_error("GET", "/applications/*", status=500)
        await here.bot.desk.note(f"commands.{here.bot.application_id}.0", "")
        await here.restart()
        assert "the commands could not be registered" in caplog.text
        assert "eight people" in seen(await here.ask(QUESTION))


async def test_a_problem_is_told_in_the_member_s_language(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        for article in here.settings.articles.iterdir():
            article.unlink()
        here.reindex()
        result = await here.ann.slash(here.channel, "ask", question=QUESTION)
        assert result.response is not None
        assert seen(result.response.message).endswith(WORDS("no_articles"))
        guild = here.env.create_guild("Servidor", preferred_locale="es-ES")
        channel = guild.create_text_channel("preguntas")
        await guild.add_member(here.env.create_user("ana")).send(channel, f"{here.me} {QUESTION}")
        (reply,) = here.replies(channel)
        assert seen(reply) == phrases("es")("no_articles")
