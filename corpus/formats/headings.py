"""Which lines of running text are titles and headings although no markup says so.

A careful heuristic: a heading taken for a paragraph does little harm, a sentence taken for a
heading can never be an answer. So whatever could be a sentence, a quotation, a date, a credit or
an item of a list is none.
"""

from __future__ import annotations

import re

# Lengths in characters and words. Headlines of news sites run to about 110 characters; a heading
# within a text is much shorter. A line in sentence case has to be shorter still, as it may be a
# sentence whose full stop is missing.
TITLE_CHARACTERS, TITLE_WORDS = 150, 25
HEADING_CHARACTERS, HEADING_WORDS = 80, 12
SENTENCE_CASE_WORDS = 8

_CLOSED = re.compile(r"[.!?…。！？,;:،؛؟，；：、\-–—][\"'”’»›)\]*_]*$")
_LIST_ITEM = re.compile(r"(?:[-*+•‣◦·–—>]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s")
_BYLINE = re.compile(r"(?:by|von|par|por)\s(?-i:[^\W\d_a-zß-öø-ÿ])", re.IGNORECASE)
_CREDIT = re.compile(
    r"(?:(?:last )?(?:updated|modified)|published|posted|photo|image|picture|source|credit"
    r"|copyright|©)s?\b(?:[^\w]*[:\d]|[^\w]+(?:by|on|at|courtesy|credit)\b|\s+\d)",
    re.IGNORECASE,
)
# A sentence begins so far more often than a heading does.
_PRONOUN = re.compile(r"(?:he|she|they|it|we|I|you)\b", re.IGNORECASE)
_AGENCY = re.compile(r"\((?:[A-Z]{2,5}|Reuters|dpa|Bloomberg)\)$")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
_DATE = re.compile(
    rf"\b{_MONTH}\s+\d{{1,4}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}}\b)?"
    # A day, a word and a year: a date in most other languages.
    r"|\b\d{1,2}[.º]?\s+(?:de\s+)?[^\W\d]+\s+(?:de\s+)?\d{4}\b"
    r"|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b"
    rf"|{_WEEKDAY}",
    re.IGNORECASE,
)


def is_title_line(text: str) -> bool:
    """Whether the one line ``text``, standing first in an article, reads as its title."""
    if len(text) > TITLE_CHARACTERS or len(text.split()) > TITLE_WORDS:
        return False
    asks = text.endswith(("?", "!")) and _in_title_case(text)
    return (asks or not _CLOSED.search(text)) and not _is_something_else(text)


def is_heading_line(text: str) -> bool:
    """Whether the one line ``text``, standing alone in an article, reads as a heading."""
    in_title_case = _in_title_case(text)
    return (
        len(text) <= HEADING_CHARACTERS
        and len(text.split()) <= (HEADING_WORDS if in_title_case else SENTENCE_CASE_WORDS)
        and (in_title_case or not _PRONOUN.match(text))
        and not _CLOSED.search(text)
        and not _is_something_else(text)
    )


def is_list_item(text: str) -> bool:
    """Whether ``text`` opens with a bullet, a number or a letter as an item of a list does."""
    return _LIST_ITEM.match(text) is not None


def ends_in_punctuation(text: str) -> bool:
    """Whether ``text`` ends as a sentence or a clause does, quotation marks left aside."""
    return _CLOSED.search(text) is not None


def _is_something_else(text: str) -> bool:
    """Whether ``text`` is an item, a credit, a date, an open quotation or no words at all."""
    return (
        not any(char.isalnum() for char in text)
        or next(char for char in text if char.isalnum()).islower()
        or is_list_item(text)
        or _BYLINE.match(text) is not None
        or _CREDIT.match(text) is not None
        or _AGENCY.search(text) is not None
        or _is_date(text)
        or _leaves_quotation_open(text)
    )


def _is_date(text: str) -> bool:
    """Whether ``text`` is a date, with no more beside it than a place and an hour."""
    rest, found = _DATE.subn(" ", text)
    return found > 0 and len(re.findall(r"[^\W\d]{2,}", rest)) <= 2


def _leaves_quotation_open(text: str) -> bool:
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1


def _in_title_case(text: str) -> bool:
    """Whether most of the longer words begin with a capital letter."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.6 * len(words)
