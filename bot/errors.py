"""What can go wrong between a person and an answer.

```
BotError
├── SettingsError     the environment or `.env` does not make sense
├── QuestionError     a question that cannot be asked of a corpus
│   ├── NoWordsError     nothing in it to look for
│   ├── TooLongError     longer than anything a model reads
│   ├── NoQuotationError       no words to look for the speaker of
│   └── QuotationTooLongError  longer than what is compared
├── NoArticlesError   there is nothing to answer from
├── PlatformError     a chat platform refuses the bot for good
│   └── NoPlatformError  there is no token for any
├── CollectionError   a collection cannot be used
│   ├── CollectionNameError  it can have no such name
│   └── NoCollectionError    there is none of that name
├── RightsError       somebody may not do what they asked for
├── NoArticleError    there is no article of that name
├── NoVersionError    there is no such version of a collection
├── ScheduleError     a schedule is not in cron form
├── BuildError        a collection cannot be brought up to date
│   ├── BuildRunningError    somebody is doing it already
│   ├── BuildCancelledError  somebody cancelled it
│   └── BuildFailedError     it was not possible
├── PreviewError      the preview cannot be shown or drawn
├── BusyError         more questions are waiting than can be answered in time
├── LateError         the answer took longer than it may
└── ClosingError      the bot is being stopped
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.ledger import Wishes
    from bot.rights import Refusal


class BotError(Exception):
    """The root of all errors that ``bot`` raises on purpose. Its text is shown to the user."""


class SettingsError(BotError):
    """The environment or ``.env`` does not make sense."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("cannot start with these settings: " + "; ".join(faults))


class QuestionError(BotError):
    """A question that cannot be asked of a corpus."""


class NoWordsError(QuestionError):
    """There is nothing in the question to look for."""

    def __init__(self) -> None:
        super().__init__("There are no words in this question. Ask in a sentence or a few words.")


class TooLongError(QuestionError):
    """The question is longer than anything a model reads."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"This question has {length:,} characters. Ask in at most {limit:,}; "
            "to look for a longer text, ask about one sentence of it."
        )
        self.length = length
        self.limit = limit


class NoArticlesError(BotError):
    """There is not one article."""

    def __init__(self) -> None:
        super().__init__(
            "There are no articles to answer from. Put some into the folder that ONRECORD_ARTICLES "
            "names, then run `onrecord reindex`."
        )


class NoQuotationError(QuestionError):
    """There are no words to judge."""

    def __init__(self) -> None:
        super().__init__("There are no words in this text. Give the words that somebody said.")


class QuotationTooLongError(QuestionError):
    """The text is longer than what is compared with quotations."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"This text has {length:,} characters. Give at most {limit:,}; of a longer text, "
            "the sentence that you want to know about."
        )
        self.length = length
        self.limit = limit


class PlatformError(BotError):
    """A chat platform refuses the bot, and would again."""


class NoPlatformError(PlatformError):
    """There is nothing to connect to."""

    def __init__(self) -> None:
        super().__init__(
            "There is no token for any chat platform. Set ONRECORD_DISCORD_TOKEN, or "
            "ONRECORD_SLACK_BOT_TOKEN and ONRECORD_SLACK_APP_TOKEN, in the environment or in "
            ".env; the README tells where they come from. "
            "`onrecord preview` shows the bot without one."
        )


class CollectionError(BotError):
    """A collection cannot be used."""


class CollectionNameError(CollectionError):
    """No collection can have this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:50]!r} cannot be the name of a collection. Use at most 40 small letters, "
            "digits, hyphens and underscores, beginning with a letter or digit."
        )


class NoCollectionError(CollectionError):
    """There is no collection of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no collection {name!r}. `onrecord corpus create {name}` makes it."
        )


class RightsError(BotError):
    """Somebody may not do what they asked for."""

    def __init__(self, refusal: Refusal, wishes: Wishes) -> None:
        super().__init__(f"This is not allowed: {refusal.value}.")
        self.refusal = refusal
        self.wishes = wishes


class NoArticleError(BotError):
    """There is no article of that name in the collection."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"There is no article {name!r}; `corpus list` shows the id of each.{hint}")
        self.name = name


class NoVersionError(BotError):
    """There is no such version of a collection."""

    def __init__(self, wanted: str, names: Sequence[str]) -> None:
        missing = f"There is no version {wanted!r}" if wanted else "There is no earlier version"
        kept = f"; kept are {', '.join(names)}" if names else ", and none at all yet"
        super().__init__(f"{missing}{kept}.")


class ScheduleError(BotError):
    """A schedule is not in cron form."""

    def __init__(self, schedule: str) -> None:
        super().__init__(
            f"{schedule!r} is no schedule in cron form. Name minute, hour, day of the month, "
            "month and day of the week, such as `0 3 * * *` for each day at three."
        )


class BuildError(BotError):
    """A collection cannot be brought up to date; the version in use stays."""


class BuildRunningError(BuildError):
    """Somebody is bringing the collection up to date already."""

    def __init__(self, who: str, percent: int) -> None:
        by = f" by {who}" if who else ""
        super().__init__(
            f"This corpus is being reindexed already{by}: {percent} % is done. "
            "Wait until that is finished."
        )
        self.who = who
        self.percent = percent


class BuildCancelledError(BuildError):
    """Somebody cancelled the build."""

    def __init__(self, who: str) -> None:
        super().__init__(
            f"Reindexing was cancelled by {who}. The version before stays in use; "
            "reindexing again goes on where this stopped."
        )
        self.who = who


class BuildFailedError(BuildError):
    """The collection could not be brought up to date."""

    @classmethod
    def of(cls, reason: str) -> BuildFailedError:
        """With the reason, a sentence or the middle of one."""
        reason = f"{reason[:1].upper()}{reason[1:]}"
        ended = reason if reason.endswith((".", "!", "?", "`")) else f"{reason}."
        return cls(f"{ended} The version before stays in use.")

    @classmethod
    def unexplained(cls, code: int, memory: int) -> BuildFailedError:
        """Where the process died without a word, as one does that ran out of memory."""
        limit = f", which ONRECORD_BUILD_MEMORY limits to {memory} MB" if memory else ""
        return cls(
            f"Reindexing was ended from outside or ran out of memory{limit} (code {code}). "
            "The version before stays in use; reindex again, and it goes on where this stopped."
        )


class PreviewError(BotError):
    """The preview cannot be shown or drawn."""


class BusyError(BotError):
    """More questions are waiting than can be answered in time."""

    def __init__(self) -> None:
        super().__init__("Too many questions are waiting right now. Ask again in a minute.")


class LateError(BotError):
    """The answer took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"This took longer than {seconds:g} seconds and was given up. "
            "Ask again, or ask for less."
        )
        self.seconds = seconds


class ClosingError(BotError):
    """The bot is being stopped."""

    def __init__(self) -> None:
        super().__init__("The bot is being restarted or stopped. Ask again in a minute.")
