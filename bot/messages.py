"""Every sentence the bot says in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.corrections.model import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.corrections.model import Summary


def sentence(fault: str) -> str:
    """An error's own words as a sentence."""
    whole = f"{fault[:1].upper()}{fault[1:]}"
    return whole if whole.endswith((".", "!", "?", "`")) else f"{whole}."


def counted(count: int, noun: str) -> str:
    """A number of things: 1 article, 2,000 articles."""
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"


def not_found() -> str:
    """The corpus has no answer, but passages that come near."""
    return "The articles do not say. The nearest passages, related but not an answer:"


def nothing_near() -> str:
    """The corpus has no answer and nothing near one."""
    return "The articles do not say, and nothing in them comes near."


def understood(question: str) -> str:
    """How a follow-up question was understood."""
    return f"Understood as: {question}"


def unexpected(problem_id: str) -> str:
    """Something failed that should not have."""
    return (
        f"Something went wrong while answering. Ask again; if it happens again, report problem "
        f"{problem_id}, which the log describes."
    )


def articles_changed() -> str:
    """The folder is not as it was when the index was made."""
    return "The articles have changed since they were indexed; `onrecord reindex` takes that up."


def gone_back(version: str) -> str:
    """Somebody went back to an earlier version, and the folder is not as it was then."""
    return (
        f"Version {version} is in use because somebody went back to it. The articles in the folder "
        "are newer: `onrecord reindex` goes forward to them again."
    )


def in_use(version: str) -> str:
    """A version was selected, and it is the newest."""
    return f"Version {version} is in use."


def held_back(name: str, version: str) -> str:
    """A collection is not reindexed by itself."""
    return (
        f"{name} is not reindexed by itself, since somebody went back to version {version}; "
        "reindex it by hand to go forward."
    )


def articles_out_of_reach(fault: str) -> str:
    """The folder cannot be listed, and there is an index all the same."""
    return f"{sentence(fault)} Answers come from what was indexed before."


def system_fault(place: str | None, reason: str) -> str:
    """The operating system refused something."""
    if place is None:
        return f"The system refuses: {reason}."
    return f"Cannot use {place}: {reason}. Name another place, or change its permissions."


def stopped() -> str:
    """The user interrupted a command."""
    return "Stopped."


def making_index(reason: str) -> str:
    """The index has to be made first."""
    return f"{reason} Indexing the articles."


def no_index_yet() -> str:
    """Why an index is made: it is the first time."""
    return "Nothing is indexed yet."


def unusable_index(fault: str) -> str:
    """Why an index is made: the one that is there cannot be used."""
    return sentence(fault)


def unread(source: str, reason: str) -> str:
    """A file was left out."""
    return f"Left out: {source} {reason}"


def up_to_date(version: str) -> str:
    """There was nothing to index."""
    return f"Nothing has changed; version {version} stays."


def indexed(version: str, articles: int, passages: int, embedded: int, seconds: float) -> str:
    """A new version is in use."""
    return (
        f"Version {version} is in use: {counted(articles, 'article')}, "
        f"{counted(passages, 'passage')}, {embedded:,} of them embedded anew, "
        f"in {seconds:.1f} s."
    )


def corrections(summary: Summary) -> str:
    """How the corrections after a version stand."""
    counts = {
        "corrected": summary.corrected,
        "still to be corrected": summary.pending,
        "could not be reached": summary.unreached,
        "deleted since": summary.counts.get(State.DELETED, 0),
        "ephemeral": summary.counts.get(State.EPHEMERAL, 0),
        "where corrections are switched off": summary.counts.get(State.OFF, 0),
    }
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    return f"{counted(summary.touched, 'answer')} touched: {told}"


def built(told: Mapping[str, Any]) -> str:
    """What a build did; ``told`` is what ``corpus_admin.built_as_json`` gives."""
    if not told["changed"]:
        return up_to_date(told["index_version"])
    figures = (told[name] for name in ("articles", "passages", "embedded", "seconds"))
    return indexed(told["index_version"], *figures)


def no_corrections() -> str:
    """Nothing had to be corrected."""
    return "No earlier answer had to be corrected yet."


def would_correct(answers: int) -> str:
    """How many answers a reindex now would have corrected."""
    return f"{counted(answers, 'earlier answer')} would be corrected by a reindex now."


def no_quotations() -> str:
    """A text quotes nobody."""
    return "There are no direct quotations in this text."


def speaker_open(candidates: Sequence[str]) -> str:
    """The text does not make clear who said something, with those who may have, best first."""
    return f"Open: {' or '.join(candidates)}?" if candidates else "Open"


def speaker_not_named(candidates: Sequence[str]) -> str:
    """The article does not make clear who said something."""
    said = "speaker not named clearly"
    return f"{said}; candidates: {', '.join(candidates)}" if candidates else said


def more_quotes(count: int, shown: int) -> str:
    """There are quotations beyond those on this page of a terminal."""
    return f"{counted(count, 'more quotation')}: --offset {shown} shows the next."


def several_speakers(name: str, names: Sequence[str]) -> str:
    """A name may mean several people who are quoted."""
    return f"“{name}” may be any of these: {', '.join(names)}. Name one of them in full."


def unknown_speaker(name: str, near: Sequence[str]) -> str:
    """Nobody of that name is quoted."""
    said = f"The articles quote nobody called “{name}”."
    return f"{said} Nearest names: {', '.join(near)}." if near else said


def unknown_article(name: str, near: Sequence[str]) -> str:
    """No article is called so."""
    said = f"No article is called “{name}”, or more than one is."
    return f"{said} Nearest titles: {'; '.join(near)}." if near else said


def nobody_quoted() -> str:
    """The corpus has no quotations."""
    return "Nobody is quoted in these articles."


def no_quotes_there(speaker: str, title: str) -> str:
    """No quotation fits the speaker and the article asked for."""
    if speaker and title:
        return f"“{title}” does not quote {speaker}."
    return f"“{title}” quotes nobody." if title else f"The articles quote nothing by {speaker}."


def off_topic(about: str, speaker: str) -> str:
    """There are quotations, but none on the topic; the nearest follow."""
    whose = f"No quotation of {speaker}" if speaker else "No quotation"
    return f"{whose} is clearly about “{about}”. The nearest, related at best:"


def chat_welcome(articles: int) -> str:
    """The first line of a conversation in the terminal."""
    return (
        f"Ask about {counted(articles, 'article')}. "
        "Follow-up questions are understood. /help tells more, /quit or Ctrl-D ends."
    )


def chat_help() -> str:
    """What can be done in a conversation in the terminal."""
    return (
        "Type a question and press Enter. Every sentence shown is an article's own; [1] leads to "
        "its source.\n/new forgets the conversation so far. /quit ends. The arrow keys bring back "
        "earlier questions."
    )


def chat_unknown(command: str) -> str:
    """A command in the terminal that there is not."""
    return f"There is no {command.split()[0]}. /help lists what there is."


def chat_forgotten() -> str:
    """The conversation starts anew."""
    return "Forgotten. Ask about something else."


def collection_exists(name: str) -> str:
    """A collection is to be made that is there already."""
    return f"There is a collection {name} already."


def collection_made(name: str, articles: str) -> str:
    """A collection is there now."""
    return f"Made the collection {name}. Put its articles into {articles}, then reindex it."


def no_acts() -> str:
    """Nobody did anything to a collection."""
    return "Nothing was done to this collection so far."


def run_reindex() -> str:
    """After articles were changed from the terminal."""
    return "Run `onrecord reindex` to answer from them."


def no_articles() -> str:
    """Where a list of articles is empty."""
    return "There are no articles yet. `onrecord corpus add` takes files and addresses."


def no_watches() -> str:
    """Where nothing is watched."""
    return "No feed or sitemap is watched. `onrecord corpus watch` begins to."


def watching(url: str, hours: float) -> str:
    """A feed or sitemap is watched now."""
    return f"{url} is read every {hours:g} hours while `onrecord serve` runs."


def not_watched(url: str) -> str:
    """There is nothing to stop watching."""
    return f"{url} is not watched; `onrecord corpus watches` lists what is."


def unwatched(url: str) -> str:
    """A feed or sitemap is no longer watched."""
    return f"{url} is no longer watched. Its articles stay."


def removed(title: str, article_id: str) -> str:
    """An article was taken out."""
    return f"Removed {title!r}. `onrecord corpus restore {article_id}` brings it back."


def restored(title: str) -> str:
    """An article was brought back."""
    return f"{title!r} is as it was before."


def never_there(article_id: str) -> str:
    """Nothing was ever done to an article of that id."""
    return f"nothing is recorded of an article {article_id!r}; `onrecord corpus list` shows all"


def add_anyway() -> str:
    """How a doubt is overruled in the terminal."""
    return "With --force it is added all the same."
