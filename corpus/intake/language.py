"""Which language a text is in, by py3langid.

Chosen for being kept, small (5 MB, numpy alone), and quick to load; lingua is more exact on a
few words but weighs 97 MB, and articles have hundreds of words.
"""

from __future__ import annotations

SAMPLE = 10_000
"""Characters looked at; more do not change the outcome."""
ENOUGH = 200
"""Characters from which on the outcome can be relied on: two sentences."""

ENGLISH_NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "nb": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def detect(text: str) -> str | None:
    """The language of ``text`` as an ISO 639-1 code; ``None`` where it is too short to tell."""
    if len(text) < ENOUGH:
        return None
    import py3langid  # reads its model when it is first asked, in a fifth of a second

    code: str = py3langid.classify(text[:SAMPLE])[0]
    return code


def name_of(code: str) -> str:
    """The English name of a language, or its code where no name is listed."""
    return ENGLISH_NAMES.get(code, f"the language {code!r}")


def primary(tag: str) -> str:
    """The language of a tag such as ``en-GB``, in lower case."""
    return tag.replace("_", "-").partition("-")[0].strip().lower()
