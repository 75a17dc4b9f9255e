"""Settings come from the environment and ``.env``, and say which of them does not fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import PREFIX, SHIPPED_ARTICLES, Settings, load_settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)


def test_the_example_file_lists_each_setting_with_its_default_and_its_meaning() -> None:
    found = re.findall(r"# (.+)\n# (\w+)=(.*)\n?", EXAMPLE.read_text("utf-8"))
    expected = []
    for name, field in Settings.model_fields.items():
        is_folder = name in ("home", "articles")
        default = "" if is_folder else str(field.default).removesuffix(".0")
        expected.append((field.description, f"{PREFIX}{name.upper()}", default))
    assert found == expected


def test_the_defaults_answer_from_the_shipped_articles() -> None:
    settings = load_settings(None)
    assert settings.articles == SHIPPED_ARTICLES
    assert list(SHIPPED_ARTICLES.glob("*.md"))
    assert settings.collection.is_relative_to(settings.home)


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("ONRECORD_WORKERS=3\nONRECORD_WAITING=5\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("ONRECORD_WORKERS", "4")
    settings = load_settings(file)
    assert (settings.workers, settings.waiting) == (4, 5)


def test_an_error_names_each_setting_that_does_not_fit_and_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONRECORD_WORKERS", "many")
    monkeypatch.setenv("ONRECORD_DEVICE", "abacus")
    with pytest.raises(SettingsError, match=r"ONRECORD_DEVICE.*'abacus'") as caught:
        load_settings(None)
    assert "ONRECORD_WORKERS is 'many'" in str(caught.value)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe\x00ONRECORD")
    with pytest.raises(SettingsError, match=re.escape(str(file))):
        load_settings(file)
