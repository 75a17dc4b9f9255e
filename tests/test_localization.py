"""Every language says everything, and says it within what Discord takes."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot.conversation import Kind, Reply
from bot.errors import (
    BusyError,
    ClosingError,
    LateError,
    NoArticlesError,
    NoWordsError,
    TooLongError,
)
from bot.localization import languages, phrases
from index.errors import DamagedIndexError, NoIndexError

ENGLISH = phrases()
OTHERS = [language for language in languages() if language != "en"]
EVERY = list(languages())


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_there_are_four_languages_english_first() -> None:
    assert languages() == ("en", "de", "es", "fr")


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_phrase_with_the_same_placeholders(language: str) -> None:
    theirs = phrases(language)
    assert theirs.commands.keys() == ENGLISH.commands.keys()
    assert theirs.sentences.keys() == ENGLISH.sentences.keys()
    for key, sentence in ENGLISH.sentences.items():
        assert _placeholders(theirs.sentences[key]) == _placeholders(sentence), key


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_one(language: str) -> None:
    same = [
        key
        for key, sentence in phrases(language).sentences.items()
        if sentence == ENGLISH.sentences[key] and len(sentence) > 12
    ]
    assert same == []


@pytest.mark.parametrize("language", EVERY)
def test_names_and_descriptions_of_commands_are_what_discord_takes(language: str) -> None:
    for key, text in phrases(language).commands.items():
        if key.endswith("_text"):
            assert 1 <= len(text) <= 100, key
        elif key not in ("ask_about", "who_said"):  # shown in a menu, not typed
            assert re.fullmatch(r"[-_\w]{1,32}", text), key
            assert text == text.lower(), key
    for first in ("", "privacy_", "config_", "quote_"):
        siblings = [
            name
            for key, name in phrases(language).commands.items()
            if re.fullmatch(rf"{first}[a-z]+", key) and key != "config_channel"
        ]
        assert len(siblings) == len(set(siblings)), first


@pytest.mark.parametrize("language", EVERY)
def test_help_names_the_commands_as_members_see_them(language: str) -> None:
    said = phrases(language)
    for key in ("ask", "about", "privacy", "config", "quote", "whosaid", "speakers"):
        assert f"/{said.commands[key]}" in said("help")


@pytest.mark.parametrize("language", EVERY)
def test_labels_and_windows_keep_to_the_limits(language: str) -> None:
    said = phrases(language).sentences
    labels = ("show_context", "more_button", "helpful", "unhelpful", "follow_up")
    for key in (*labels, "share", "previous", "next"):
        assert len(said[key]) <= 80, key
    assert len(said["why_title"]) <= 45
    assert len(said["why_label"]) <= 45
    assert len(said["why_hint"]) <= 100
    assert len(said["help"]) <= 2000


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("es-ES", "es"),
        ("es-419", "es"),
        ("fr", "fr"),
        ("de", "de"),
        ("en-GB", "en"),
        ("ja", "en"),
        ("", "en"),
        ("pt_BR", "en"),
        ("DE_at", "de"),
    ],
)
def test_a_locale_gets_its_language_or_english(locale: str, language: str) -> None:
    assert phrases(locale).language == language


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (NoWordsError(), "In dieser Frage stehen keine Wörter."),
        (TooLongError(3000, 2000), "Diese Frage hat 3000 Zeichen."),
        (BusyError(), "Gerade warten zu viele Fragen."),
        (LateError(30.0), "Das dauerte länger als 30 Sekunden"),
    ],
)
def test_what_a_member_did_is_told_in_their_language(problem: Exception, said: str) -> None:
    reply = Reply(Kind.PROBLEM, str(problem), problem=problem)
    assert phrases("de").lead(reply).startswith(said)
    assert ENGLISH.lead(reply) == re.sub(r"(\d),(\d)", r"\1\2", str(problem))


@pytest.mark.parametrize(
    ("problem", "key"),
    [
        (ClosingError(), "stopping"),
        (NoArticlesError(), "no_articles"),
        (NoIndexError(Path("/srv/secret")), "no_index"),
        (DamagedIndexError(Path("/srv/secret"), "gone"), "no_index"),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_what_only_the_owner_can_mend_is_told_without_folders_and_commands(
    problem: Exception, key: str, language: str
) -> None:
    words = phrases(language)
    said = words.lead(Reply(Kind.PROBLEM, str(problem), problem=problem, problem_id="ab12"))
    assert said == words(key, id="ab12")
    assert not re.search("secret|reindex|ONRECORD", said)


def test_other_problems_are_told_in_the_words_they_have() -> None:
    assert phrases("fr").lead(Reply(Kind.PROBLEM, "The disk is full.")) == "The disk is full."
    reply = Reply(Kind.PROBLEM, "Something", problem_id="ab12")
    assert "Problem ab12" in phrases("de").lead(reply)


def test_nothing_near_and_a_question_understood_are_told_in_the_language() -> None:
    reply = Reply(Kind.NOT_FOUND, "…", understood="Who is Oops?")
    assert phrases("es").lead(reply) == (
        "Entendido como: Who is Oops?\nLos artículos no lo dicen, y nada en ellos se acerca."
    )


def test_every_phrase_is_said_somewhere() -> None:
    folder = Path(bot.__file__).parent
    code = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    code = code.replace("'", '"')
    unused = [key for key in ENGLISH.sentences if f'"{key}"' not in code]
    unused += [
        key for key in ENGLISH.commands if not key.endswith("_text") and f'"{key}"' not in code
    ]
    assert unused == []
