"""What can go wrong with a corpus, each error saying in plain words what to do.

```
CorpusError
├── FolderError             the folder of articles is missing or cannot be listed
├── DuplicateIdError        two articles of one library have the same id
└── ArticleError            one article cannot be used; the others can
    ├── BinaryFileError     not text
    ├── WrongEncodingError  text, but not in UTF-8
    ├── FrontMatterError    the lines between the two `---` are not what they should be
    ├── EmptyArticleError   nothing in it that could be cited
    ├── OversizeError       larger than any article
    ├── UnknownFormatError  a kind of file that is not read
    ├── UnsafeFileError     a file made, or broken, so that reading it could do harm
    ├── UnreadableError     a file of a known kind that its reader cannot make sense of
    └── FetchError          an address that cannot or must not be fetched
```
"""

from __future__ import annotations


class CorpusError(Exception):
    """The root of all errors that ``corpus`` raises on purpose."""


class FolderError(CorpusError):
    """The folder of articles is missing, is not a folder or cannot be listed."""


class DuplicateIdError(CorpusError):
    """Two articles of one library have the same id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"two articles have the id {article_id!r}; give one of them another")


class ArticleError(CorpusError):
    """One article cannot be used. Its message is a reason that can be shown to a user."""


class BinaryFileError(ArticleError):
    """The file is not text."""

    def __init__(self, sign: str) -> None:
        super().__init__(
            f"is not a text file ({sign}); save the article as UTF-8 text, Markdown or HTML"
        )


class WrongEncodingError(ArticleError):
    """The file is text, but not in UTF-8 (nor in UTF-16 or UTF-32 with a byte order mark)."""

    def __init__(self, line: int) -> None:
        super().__init__(
            f"is not in UTF-8 (line {line} has bytes that are not); open it in an editor with the "
            "encoding it was written in and save it as UTF-8, or convert it, for example with "
            "`iconv -f WINDOWS-1252 -t UTF-8`"
        )


class FrontMatterError(ArticleError):
    """The front matter is not YAML, or a field in it has the wrong type."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"has broken front matter: {fault}")


class EmptyArticleError(ArticleError):
    """There is no paragraph in the article."""

    def __init__(self, found: str) -> None:
        super().__init__(f"{found}; write the article into it or remove it")


class OversizeError(ArticleError):
    """The file is larger than any article."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"is larger than {limit // 2**20} MB, the limit for one article; split it into parts"
        )


class UnknownFormatError(ArticleError):
    """No reader is known for this kind of file."""

    def __init__(self, suffix: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"files that end in {suffix or 'no extension'} are not read; save the article as one "
            f"of {', '.join(known)}, or add it with `onrecord corpus add`, which reads PDF, DOCX "
            "and EPUB too"
        )


class UnsafeFileError(ArticleError):
    """Reading the file could do harm: it unpacks to too much, is nested, or leads elsewhere."""


class UnreadableError(ArticleError):
    """The file is of a known kind, but damaged, locked, or without any text."""


class FetchError(ArticleError):
    """An address cannot or must not be fetched. Continues the sentence that it begins.

    Attributes:
        status: the HTTP status, where the server gave one.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status

    @property
    def passes(self) -> bool:
        """Whether it may be otherwise later: the server is down, slow or asked too often."""
        return self.status is None or self.status == 429 or self.status >= 500
