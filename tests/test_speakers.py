"""Speakers across articles."""

from __future__ import annotations

from corpus.quotes import Reading, read
from corpus.speakers import Speaker, Speakers


def _speakers(**texts: str) -> Speakers:
    readings: dict[str, Reading] = {name: read(text) for name, text in texts.items()}
    return Speakers(readings)


def _names(speakers: Speakers) -> list[str]:
    return [speaker.name for speaker in speakers]


def test_one_person_in_two_articles_is_one_entry_with_aliases_and_roles() -> None:
    speakers = _speakers(
        one="President Barack Obama spoke. “We can,” Mr. Obama said. “We must,” he added.",
        two="“We did,” Barack Obama, a lawyer, said.",
    )
    (obama,) = speakers
    assert obama == Speaker(
        id="barack-obama",
        name="Barack Obama",
        aliases=("Mr. Obama",),
        roles=("lawyer", "president"),
        quotes=3,
        articles=("one", "two"),
    )
    assert speakers.of("two", "Barack Obama") is obama


def test_a_lone_surname_joins_the_only_bearer_in_the_corpus() -> None:
    speakers = _speakers(one="“We can,” Mr. Obama said.", two="“We did,” Barack Obama said.")
    assert _names(speakers) == ["Barack Obama"]
    assert speakers.of("one", "Obama") is speakers.of("two", "Barack Obama")


def test_two_people_of_one_surname_stay_two_and_a_lone_surname_is_neither() -> None:
    speakers = _speakers(
        one="“Yes,” Bill Moor said.", two="“No,” Hope Moor said.", three="“Maybe,” Moor said."
    )
    assert sorted(_names(speakers)) == ["Bill Moor", "Hope Moor", "Moor"]


def test_a_title_of_the_other_gender_keeps_a_lone_surname_apart() -> None:
    speakers = _speakers(one="“Yes,” Bill Moor said.", two="“No,” Mrs. Moor said.")
    assert len(speakers) == 2


def test_one_name_of_two_genders_is_two_people() -> None:
    speakers = _speakers(one="“Yes,” Mr Kim Moor said.", two="“No,” Mrs Kim Moor said.")
    assert sorted(speaker.id for speaker in speakers) == ["kim-moor", "kim-moor-2"]


def test_a_middle_name_may_be_left_out() -> None:
    speakers = _speakers(one="“Yes,” Marc Lamont Hale said.", two="“No,” Marc Hale said.")
    (hale,) = speakers
    assert (hale.name, hale.aliases) == ("Marc Lamont Hale", ("Marc Hale",))


def test_other_middle_names_are_other_people() -> None:
    speakers = _speakers(one="“Yes,” Ann Lee Moor said.", two="“No,” Ann Rae Moor said.")
    assert len(speakers) == 2


def test_a_short_form_that_fits_two_people_joins_neither() -> None:
    speakers = _speakers(
        one="“Yes,” Ann Lee Moor said.",
        two="“No,” Ann Rae Moor said.",
        three="“So,” Ann Moor said.",
    )
    assert len(speakers) == 3


def test_unnamed_and_open_speakers_have_no_entry() -> None:
    speakers = _speakers(one="“Sorry,” the company said. “So am I,” she said.")
    assert len(speakers) == 0
    assert speakers.of("one", "the company") is None
    assert speakers.of("one", None) is None


def test_most_quoted_speakers_come_first() -> None:
    speakers = _speakers(one="“Yes,” Ann Doe said. “No,” Zoe Roe said. “Never,” Zoe Roe added.")
    assert _names(speakers) == ["Zoe Roe", "Ann Doe"]


def test_ids_are_plain_letters_even_for_names_with_strokes() -> None:
    (speaker,) = _speakers(one="“Ja,” Søren Łukasz-Bråten said.")
    assert speaker.id == "soren-lukasz-braten"
