"""All attributed quotations of the shipped briefings are found, with the right speaker."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.settings import SHIPPED_ARTICLES
from corpus.loader import load_folder
from corpus.wording import keys_of, wording
from index.whosaid import examine
from tests.making import snapshot_of

if TYPE_CHECKING:
    from index.snapshot import Snapshot
    from tests.fakes import HashEmbedder

ROOT = Path(__file__).parent.parent
QUOTED = (
    ("There's now something called an intimacy", "Gwyneth Paltrow"),
    ("Girl, I'm from the era where", "Gwyneth Paltrow"),
    ("I would feel, as an artist,", "Gwyneth Paltrow"),
    ("I think all of the protections", "Gwyneth Paltrow"),
    ("I thought it was quite an", "Caroline Hollick"),
    ("I think the natural way lovers", "Sean Bean"),
    ("It would spoil the spontaneity.", "Sean Bean"),
    ("Intimacy coordinators are fantastically important", "Emma Thompson"),
    ("There's a camera there and a", "Emma Thompson"),
    ("spontaneity in intimate scenes can be", "Rachel Zegler"),
    ("It should only be technical. It's", "Jameela Jamil"),
    ("If I feel comfortable with my", "Lena Hall"),
    ("In my day, you just did", "Michael Caine"),
    ("They weren't helping, so I asked", "Toni Collette"),
    ("It feels like executives taking control", "Michael Douglas"),
    ("Please, this is awkward enough!", "Jennifer Aniston"),
    ("I don't see all of this", "Kim Basinger"),
    ("If I was forced to have", "Mia Hansen-Løve"),
    ("it was a choice that I", "Mikey Madison"),
    ("If an actor requests one, 100%.", "Sean Baker"),
    ("We're hearing from the people who", "Lauren Kiele DeLeon"),
    ("It is next to impossible for", "Marci Liroff"),
    ("You can get more extreme sex", "Halina Reijn"),
    ("I know what it's like to", "Michaela Coel"),
    ("At the beginning, this profession felt", "Yorgos Lanthimos"),
    ("having both a safety net and", "Emma Stone"),
    ("It would have been nice to", "Kate Winslet"),
    ("you wouldn't do a fight sequence", "Emma Corrin"),
    ("I've had good ones and bad", "Florence Pugh"),
    ("it's a job that's still figuring", "Florence Pugh"),
    ("I felt really safe with Rob.", "Jennifer Lawrence"),
    ("So if it's not for you,", "Michelle Williams"),
    ("I was 19 and I didn't", "Amanda Seyfried"),
    ("There's never been a person required", "Emily Meade"),
    ("I don't think I'm ever going", "David Simon"),
    ("If actors aren't responsible for their", "Alicia Rodis"),
    ("You can put your hand from", "Lizzy Talbot"),
    ("The day on set is the", "Ita O'Brien"),
    ("These professionals deserve the same kind", "Sean Astin"),
    ("we have no health insurance. We", "Marci Liroff"),
    ("We're a hot button topic.", "Adelaide Waldrop"),
    ("even if you've signed a contract", "Sydney Sweeney"),
    ("It would have been so helpful", "Allison Williams"),
    ("No one in the room had", "Sasha Smith"),
    ("there was a lot of resistance", "Claire Warden"),
)
"""How each quotation of the briefings begins, and who said it."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, HashEmbedder]:
    articles = load_folder(SHIPPED_ARTICLES).library
    return snapshot_of(tmp_path_factory.mktemp("index"), *articles)


def begins(text: str, start: str) -> bool:
    words = keys_of(wording(start))
    return keys_of(wording(text))[: len(words)] == words


@pytest.mark.parametrize(("start", "speaker"), QUOTED)
def test_each_quotation_is_found_with_its_speaker(
    shipped: tuple[Snapshot, HashEmbedder], start: str, speaker: str
) -> None:
    snapshot, embedder = shipped
    (who,) = snapshot.quotes.names.find(speaker)
    theirs = snapshot.quotes.store.get(snapshot.quotes.store.rows(who.id))
    words = [one.span.of(snapshot.article(one.article_id).text) for one in theirs]
    found = [text for text in words if begins(text, start)]
    assert found
    assert examine(found[0], snapshot, embedder).quotes[0].speaker == speaker


def test_no_speaker_of_the_briefings_is_open(shipped: tuple[Snapshot, HashEmbedder]) -> None:
    snapshot, _ = shipped
    every = snapshot.quotes.store.get(range(len(snapshot.quotes)))
    assert [one.row for one in every if one.speaker is None] == []


def test_the_table_is_the_fact_base() -> None:
    path = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared")) / "topic.md"
    if not path.exists():
        pytest.skip(f"needs {path}; ONRECORD_SHARED names its folder")
    text = path.read_text("utf-8")
    section = text[text.index("## Q.") : text.index("## S.")]
    listed = re.findall(r"^- \*\*Q\d+\*\* ([^,:“]+)[^“]*“(.+?)”(?= -| \(|$)", section, re.MULTILINE)
    assert len(listed) == len(QUOTED)
    for (who, words), (start, speaker) in zip(listed, QUOTED, strict=True):
        assert speaker.endswith(who.strip())
        assert begins(words, start)
