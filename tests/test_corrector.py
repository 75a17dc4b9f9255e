"""Earlier answers are corrected once for each change of their words, whatever gets in between."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.corrections.comparing import Corpus, revisions, touched
from bot.corrections.model import GoneError, PausedError, RefusedError, State
from bot.ledger import Wishes, now
from corpus.library import Library
from corpus.span import Span
from index.source import Shown
from tests.correcting import PLATFORM, Desk, as_sent
from tests.making import article, loaded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.corrections.model import Correction
    from corpus.article import Article

SETS = "A closed set has eight people at most."
LIST = "She keeps a list at the door."
TWO = "Rehearsals take two hours."
SIX = SETS.replace("eight", "six")
REWORDED = f"[1] reworded: {SETS} -> {SIX}"


def _safety(*sentences: str, **metadata: str) -> Article:
    return article("safety", "Oops coordinates.", " ".join(sentences), title="Safety", **metadata)


OLD = _safety(SETS, LIST)
NEW = _safety(SIX, LIST)
OTHER = article("other", TWO)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, OLD, OTHER)
    yield made
    made.close()


def _states(desk: Desk) -> list[State]:
    return [task.state for task in desk.kept.tasks("main", 100)]


def _counts(desk: Desk, server: str | None = None) -> dict[State, int]:
    (summary,) = desk.kept.summaries("main", PLATFORM, server)
    return dict(summary.counts)


async def test_a_change_of_shown_words_is_told_once(desk: Desk) -> None:
    answer = desk.answer(("safety", SETS), ("safety", LIST))
    desk.answer(("other", TWO))
    await desk.work()
    assert desk.paper.edits == []
    desk.publish(NEW, OTHER)
    for _ in range(3):
        await desk.work()
    assert desk.paper.edits == [(f"m{answer}", [REWORDED])]
    assert _states(desk) == [State.EDITED]
    assert _counts(desk) == {State.EDITED: 1}
    (correction,) = desk.paper.seen
    assert as_sent(correction) == f"Hear: {SETS} [1] {LIST} [2] "
    assert (correction.language, correction.channel, correction.server) == ("de", "c", "s")
    assert abs(correction.at - now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("later", "told"),
    [
        pytest.param((_safety(LIST), OTHER), f"gone: {SETS}", id="sentence removed"),
        pytest.param((OTHER,), f"article gone: {SETS}", id="article removed"),
        pytest.param(
            (_safety(SETS, LIST, status="retracted", retraction_reason="Made up."), OTHER),
            f"retracted: {SETS} (Made up.)",
            id="retracted",
        ),
        pytest.param((_safety(LIST, SETS), OTHER), None, id="moved"),
        pytest.param((replace(OLD, id="set-safety"), OTHER), None, id="renamed"),
        pytest.param((_safety(SETS, "New."), OTHER), None, id="something else changed"),
        pytest.param((replace(OLD, title="On set"), OTHER), None, id="title changed"),
    ],
)
async def test_what_became_of_the_words_is_told(
    desk: Desk, later: tuple[Article, ...], told: str | None
) -> None:
    desk.answer(("safety", SETS))
    desk.publish(*later)
    await desk.work()
    assert [said for _, said in desk.paper.edits] == ([[f"[1] {told}"]] if told else [])


SAID = "Sets are cold in May"
QUOTED = f"“{SAID},” said Ann Lee, a grip. Bob Roe, a runner, agreed."


@pytest.mark.parametrize(
    ("later", "told"),
    [
        pytest.param(
            QUOTED.replace("said Ann Lee", "said Cid Fay"),
            f"reattributed to Cid Fay: {SAID}, -> “{SAID},” said Cid Fay, a grip.",
            id="to another",
        ),
        pytest.param(
            QUOTED.replace("said Ann Lee", "Ann Lee told the Herald"),
            f"reattributed to Ann Lee: {SAID}, -> “{SAID},” Ann Lee told the Herald, a grip.",
            id="to others",
        ),
        pytest.param(
            f"“{SAID},” was heard on set. Ann Lee and Bob Roe agreed.",
            f"reattributed to nobody: {SAID}, -> “{SAID},” was heard on set.",
            id="to nobody",
        ),
        pytest.param(
            QUOTED.replace("said Ann Lee", "said Ann Lee in May"), None, id="said otherwise"
        ),
        pytest.param(f"It was spring. {QUOTED}", None, id="moved"),
        pytest.param(
            QUOTED.replace("agreed", "nodded"), None, id="something else changed beside it"
        ),
    ],
)
async def test_a_quotation_that_is_anothers_by_now_is_told(
    tmp_path: Path, later: str, told: str | None
) -> None:
    desk = Desk(tmp_path, article("sets", QUOTED))
    desk.answer(("sets", f"{SAID},"), spoken=True)
    desk.answer(("sets", f"{SAID},"))
    desk.publish(article("sets", later))
    await desk.work()
    assert [said for _, said in desk.paper.edits] == ([[f"[1] {told}"]] if told else [])
    desk.publish(article("sets", QUOTED))
    await desk.work()
    assert len(desk.paper.edits) == (2 if told else 0)
    desk.close()


async def test_words_that_moved_are_brought_along(desk: Desk) -> None:
    answer = desk.answer(("safety", SETS), ("safety", LIST), more=1)
    moved = replace(_safety("First.", SETS, LIST), id="renamed")
    desk.publish(_safety("First.", SETS, LIST))
    await desk.work()
    desk.publish(moved)
    await desk.work()
    entry = desk.ledger.get(answer)
    assert entry is not None
    for one, words in zip((*entry.shown, *entry.more), (SETS, LIST), strict=True):
        assert (one.article_id, one.content_hash) == ("renamed", moved.content_hash)
        assert one.span.of(moved.text) == words
    desk.publish(replace(NEW, id="renamed"))
    await desk.work()
    assert [said for _, said in desk.paper.edits] == [[REWORDED]]


async def test_a_correction_can_be_made_when_the_old_version_is_gone(desk: Desk) -> None:
    answer = desk.answer(("safety", SETS))
    desk.publish(NEW)
    _drop_old_versions(desk)
    await desk.work()
    assert desk.paper.edits == [(f"m{answer}", [REWORDED])]


def _drop_old_versions(desk: Desk) -> None:
    for folder in (desk.folder / "versions").iterdir():
        if not (desk.folder / "CURRENT").read_text().startswith(folder.name):
            shutil.rmtree(folder)


async def test_each_change_is_told_and_going_back_too(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    first = (desk.folder / "CURRENT").read_text().strip()
    second = desk.publish(NEW)
    await desk.work()
    desk.publish(_safety(SETS.replace("eight", "five"), LIST))
    await desk.work()
    desk.publish(_safety(LIST, SETS.replace("eight", "five")))
    await desk.work()
    for version in (first, second, first):
        desk.point_to(version)
        await desk.work()
    assert [said for _, (said,) in desk.paper.edits] == [
        REWORDED,
        REWORDED.replace("six", "five"),
        f"[1] stands: {SETS}",
        REWORDED,
        f"[1] stands: {SETS}",
    ]
    assert [one.counts for one in desk.kept.summaries("main", limit=9)] == [{State.EDITED: 1}] * 5


async def test_what_is_undone_before_it_was_told_is_not_told(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    first = (desk.folder / "CURRENT").read_text().strip()
    desk.publish(NEW)
    desk.paper.trouble = [PausedError(30)]
    assert await desk.corrector.step() == 30
    desk.point_to(first)
    desk.time += 60
    await desk.work()
    assert desk.paper.edits == []
    assert _states(desk) == []
    assert desk.kept.summaries("main") == []


async def test_a_version_that_comes_meanwhile_takes_the_place_of_what_was_to_be_told(
    desk: Desk,
) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = [OSError("lost")]
    await desk.corrector.step()
    desk.publish(_safety(LIST))
    await desk.work()
    assert [said for _, said in desk.paper.edits] == [[f"[1] gone: {SETS}"]]


async def test_an_answer_that_was_sent_after_the_version_came_is_corrected_too(desk: Desk) -> None:
    answer = desk.answer(("safety", SETS), sent=False)
    desk.publish(NEW)
    await desk.work()
    assert desk.paper.edits == []
    desk.send(answer, SETS)
    await desk.work()
    assert desk.paper.edits == [(f"m{answer}", [REWORDED])]


async def test_where_editing_is_refused_it_is_told_in_a_reply(desk: Desk) -> None:
    answer = desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = [RefusedError("no")]
    await desk.work()
    assert desk.paper.edits == []
    assert desk.paper.replies == [(f"m{answer}", [REWORDED])]
    assert desk.paper.again == [False]
    assert _states(desk) == [State.REPLIED]


async def test_what_has_no_room_in_the_message_goes_into_a_reply(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.room = False
    await desk.work()
    assert len(desk.paper.edits) == len(desk.paper.replies) == 1
    assert _states(desk) == [State.EDITED]


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        ([RefusedError("no"), RefusedError("neither")], State.UNREACHABLE),
        ([GoneError("gone")], State.DELETED),
        ([RefusedError("no"), GoneError("gone")], State.DELETED),
    ],
)
async def test_who_cannot_be_reached_is_counted_and_left_alone(
    desk: Desk, trouble: list[BaseException], state: State
) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = list(trouble)
    await desk.work()
    await desk.work()
    assert (desk.paper.edits, desk.paper.replies) == ([], [])
    assert _counts(desk) == {state: 1}
    desk.publish(_safety(LIST))
    await desk.work()
    assert len(desk.paper.edits) == (state is not State.DELETED)


async def test_a_pause_that_the_platform_wants_is_kept(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = [PausedError(30)]
    assert await desk.corrector.step() == 30
    desk.time += 20
    assert await desk.corrector.step() == 10
    assert desk.paper.edits == []
    desk.time += 10
    await desk.work()
    assert len(desk.paper.edits) == 1


async def test_what_fails_is_tried_again_later_and_given_up_in_the_end(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = [OSError("lost")] * 5
    for tries in range(1, 5):
        await desk.work()
        (task,) = desk.kept.tasks("main", 9)
        assert (task.state, task.tries) == (State.PENDING, tries)
        wait = (task.due - now()).total_seconds()
        assert 30 * 4 ** (tries - 1) - 5 < wait <= 30 * 4 ** (tries - 1)
        desk.kept.put_off(replace(task, tries=tries - 1), task.reason, timedelta(0))
    await desk.work()
    assert _states(desk) == [State.FAILED]
    assert "OSError: lost" in caplog.text
    assert desk.paper.edits == []


async def test_the_work_goes_on_after_a_restart(desk: Desk) -> None:
    answers = [desk.answer(("safety", SETS)) for _ in range(5)]
    desk.publish(NEW)
    for _ in range(2):
        await desk.corrector.step()
    desk.start()
    await desk.work()
    assert [message for message, _ in desk.paper.edits] == [f"m{one}" for one in answers[::-1]]


async def test_a_reply_that_may_have_been_sent_already_is_told_to_look(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = [RefusedError("no"), KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        await desk.corrector.step()
    desk.start()
    await desk.work()
    assert desk.paper.again == [False]  # for all that is known, it is being told just now
    _minute_later(desk)
    await desk.work()
    assert desk.paper.again == [False, True]
    assert desk.paper.edits == []
    assert _states(desk) == [State.REPLIED]


def _minute_later(desk: Desk) -> None:
    (task,) = desk.kept.tasks("main", 1)
    assert timedelta(0) < task.due - now() <= timedelta(minutes=1)
    desk.kept.put_off(replace(task, tries=task.tries - 1), task.reason, timedelta(0))


async def test_a_reply_is_told_by_one_process_only(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    first, refused = desk.corrector, desk.paper.edit

    async def edit(correction: Correction) -> bool:
        """While one process asks whether it may edit, another one tells it all."""
        desk.paper.edit = refused  # type: ignore[method-assign]
        desk.paper.trouble = [RefusedError("no")]
        await desk.start().step()
        raise RefusedError("no")

    desk.paper.edit = edit  # type: ignore[method-assign]
    await first.step()
    await desk.work()
    assert len(desk.paper.replies) == 1
    assert _states(desk) == [State.REPLIED]


async def test_a_reply_that_the_platform_put_off_was_not_told(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = [RefusedError("no"), PausedError(30), RefusedError("no")]
    assert await desk.corrector.step() == 30
    desk.time += 30
    await desk.work()
    assert desk.paper.again == [False, False]
    assert len(desk.paper.replies) == 1
    assert _states(desk) == [State.REPLIED]


async def test_what_only_one_person_saw_is_counted_once(desk: Desk) -> None:
    answer = desk.answer(("safety", SETS), sent=False)
    desk.send(answer, SETS, ephemeral=True)
    desk.publish(NEW)
    await desk.work()
    assert _counts(desk) == {State.EPHEMERAL: 1}
    desk.publish(NEW, OTHER)
    await desk.work()
    assert [one.touched for one in desk.kept.summaries("main", limit=9)] == [1]
    assert desk.paper.seen == []


async def test_further_words_that_one_person_saw_are_counted_and_stay_further(desk: Desk) -> None:
    answer = desk.answer(("other", TWO), ("safety", SETS), more=1)
    entry = desk.ledger.get(answer)
    sent = [_private(f"p{answer}", SETS)]
    desk.kept.sent_privately(answer, sent)  # type: ignore[arg-type]
    desk.kept.sent_privately("unknown", sent)  # type: ignore[arg-type]
    assert desk.ledger.get(answer) == entry
    desk.publish(NEW, OTHER)
    await desk.work()
    assert _counts(desk) == {State.EPHEMERAL: 1}


def _private(message: str, words: str) -> object:
    from bot.ledger import Sent

    return Sent(message, "c", (2,), ((words, True), (" [2]", False)), ephemeral=True)


async def test_a_server_that_wants_no_corrections_gets_none_until_it_wants_them(
    desk: Desk,
) -> None:
    desk.ledger.wish(PLATFORM, "s", Wishes(corrections=False))
    desk.answer(("safety", SETS))
    desk.answer(("safety", SETS), server="t")
    desk.publish(NEW)
    await desk.work()
    assert len(desk.paper.edits) == 1
    assert _counts(desk, "s") == {State.OFF: 1}
    assert _counts(desk, "t") == {State.EDITED: 1}
    assert _counts(desk) == {State.OFF: 1, State.EDITED: 1}
    desk.ledger.wish(PLATFORM, "s", Wishes())
    assert desk.kept.switch_on(PLATFORM, "s") == 1
    await desk.work()
    assert len(desk.paper.edits) == 2
    assert _counts(desk, "s") == {State.EDITED: 1}


async def test_switching_off_stops_what_is_still_to_be_told(desk: Desk) -> None:
    for _ in range(3):
        desk.answer(("safety", SETS))
    desk.publish(NEW)
    await desk.corrector.step()
    desk.ledger.wish(PLATFORM, "s", Wishes(corrections=False))
    await desk.work()
    assert _counts(desk) == {State.EDITED: 1, State.OFF: 2}


async def test_switched_off_by_the_settings_nobody_is_told(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    desk.start(wanted=False)
    desk.publish(NEW)
    await desk.work()
    assert _counts(desk) == {State.OFF: 1}


async def test_a_server_that_has_another_corpus_by_now_hears_nothing_of_the_old_one(
    desk: Desk,
) -> None:
    desk.answer(("safety", SETS))
    desk.ledger.wish(PLATFORM, "s", Wishes(collection="theirs"))
    desk.publish(NEW)
    await desk.work()
    assert _counts(desk) == {State.OFF: 1}
    assert desk.kept.tasks("main", 1)[0].reason == "the server is tied to another corpus by now"


async def test_deleting_a_person_deletes_their_corrections(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = [OSError("lost")]
    await desk.work()
    desk.ledger.delete_person(PLATFORM, "ann")
    await desk.work()
    assert desk.kept.tasks("main", 9) == []
    with desk.ledger.engine.connect() as connection:
        for table in ("compared", "as_sent", "told", "corrections"):
            rows = connection.exec_driver_sql(f"select count(*) from {table}").scalar()
            assert rows == 0, table


async def test_revisions_that_nobody_shows_are_dropped(desk: Desk) -> None:
    answer = desk.answer(("safety", SETS))
    desk.answer(("other", TWO))
    desk.ledger.forget(answer)
    desk.publish(NEW, article("other", "New.", TWO))
    await desk.work()
    assert desk.kept.article("main", "safety", OLD.content_hash) is None
    assert desk.kept.article("main", "other", OTHER.content_hash) is None


async def test_altered_words_in_the_ledger_are_never_told(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    desk.publish(NEW)
    desk.paper.trouble = [OSError("lost")]
    await desk.corrector.step()
    with desk.ledger.engine.begin() as connection:
        connection.exec_driver_sql("update revisions set article = replace(article, 'six', 'ten')")
        connection.exec_driver_sql("update corrections set due = '2000-01-01 00:00:00.000000'")
    await desk.work()
    assert desk.paper.edits == []
    assert _states(desk) == [State.FAILED]


async def test_an_answer_whose_words_were_never_kept_stops_nobody(desk: Desk) -> None:
    desk.answer(("safety", SETS))
    with desk.ledger.engine.begin() as connection:
        connection.exec_driver_sql("delete from revisions")
    good = desk.answer(("other", TWO))
    desk.publish(NEW, article("other", TWO.replace("two", "ten")))
    _drop_old_versions(desk)
    await desk.work()
    assert [message for message, _ in desk.paper.edits] == [f"m{good}"]


async def test_an_index_that_cannot_be_read_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    empty = Desk(tmp_path)
    for _ in range(3):
        assert await empty.corrector.step() == 5.0
    empty.close()
    assert caplog.text.count("cannot compare earlier answers with main") == 1


async def test_the_preview_names_what_would_be_corrected_and_changes_nothing(desk: Desk) -> None:
    answer = desk.answer(("safety", SETS), ("safety", LIST))
    desk.answer(("other", TWO))
    corpus = Corpus.of_library(loaded(NEW, OTHER).library)
    for _ in range(2):
        (found,) = touched(desk.kept, "main", corpus, desk.ledger.wishes)
        assert (found.given.id, found.given.question) == (answer, "What?")
        ((number, fate),) = found.plans[0].fates.items()
        assert (number, fate.words) == (1, SIX)
    desk.publish(NEW, OTHER)
    await desk.work()
    assert touched(desk.kept, "main", corpus, desk.ledger.wishes) == []
    retracted = Library.of([replace(OTHER, metadata=_safety(status="retracted").metadata)])
    assert len(touched(desk.kept, "main", Corpus.of_library(retracted), desk.ledger.wishes)) == 2


SENTENCES = ("Oops said yes.", "Mann said no.", "Sets have eight doors.", "Sets have six doors.")


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True),
        min_size=2,
        max_size=4,
    )
)
async def test_a_correction_is_made_if_and_only_if_what_there_is_to_tell_changed(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"), article("a", " ".join(texts[0])))
    for sentence in texts[0]:
        desk.answer(("a", sentence))
    state = dict.fromkeys(texts[0], True)
    for later in texts[1:]:
        desk.paper.edits.clear()
        desk.publish(article("a", " ".join(later)))
        await desk.work()
        told = {said.split(": ")[1].split(" ->")[0]: said for _, (said,) in desk.paper.edits}
        assert len(told) == len(desk.paper.edits)
        for sentence, stood in state.items():
            stands = sentence in later
            if stands != stood:
                assert sentence in told
            elif stands:
                assert sentence not in told
            state[sentence] = stands
        seen = list(desk.paper.edits)
        desk.start()
        await desk.work()
        assert desk.paper.edits == seen
    desk.close()


async def test_an_answer_of_an_earlier_release_is_corrected_from_the_versions_on_disk(
    desk: Desk,
) -> None:
    answer = desk.answer(("safety", SETS))
    with desk.ledger.engine.begin() as connection:
        connection.exec_driver_sql("delete from revisions")
        connection.exec_driver_sql("delete from as_sent")
        connection.exec_driver_sql("delete from compared")
    desk.publish(NEW)
    await desk.work()
    assert desk.paper.edits == [(f"m{answer}", [REWORDED])]
    assert desk.paper.seen[0].layout is None


async def test_an_answer_that_crossed_with_a_version_keeps_the_words_it_shows(desk: Desk) -> None:
    snapshot = desk.live.snapshot()
    desk.publish(NEW)
    missing = [
        Shown(1, "safety", snapshot.article("safety").content_hash, Span(0, 4)),
        Shown(2, "unknown", "0" * 64, Span(0, 4)),
    ]
    assert [one.text for one in revisions(missing, desk.live)] == [OLD.text]


async def test_an_answer_that_cannot_be_compared_stops_nobody(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    broken = desk.answer(("safety", SETS))
    good = desk.answer(("other", TWO))
    with desk.ledger.engine.begin() as connection:
        connection.exec_driver_sql("update revisions set article = '{' where article_id = 'safety'")
    desk.publish(NEW, article("other", TWO.replace("two", "ten")))
    await desk.work()
    assert [message for message, _ in desk.paper.edits] == [f"m{good}"]
    assert f"answer {broken} cannot be compared" in caplog.text
