"""The articles that come with the project."""

from __future__ import annotations

import hashlib
from pathlib import Path

import corpus
from corpus.loader import load_folder
from corpus.sections import paragraphs, sections

FOLDER = Path(corpus.__file__).parent / "articles"
SEED = "paltrow-on-intimacy-coordinators"
SHA256 = "753c2585dbda8cce5f0beb18ca3df6d0579224275f863e9eeffd47ede7725563"


def test_all_shipped_articles_load() -> None:
    loaded = load_folder(FOLDER)
    assert loaded.problems == ()
    assert loaded.library.get(SEED)


def test_the_words_of_the_seed_article_are_as_they_came() -> None:
    _, body = (FOLDER / f"{SEED}.md").read_bytes().split(b"\n---\n\n")
    assert hashlib.sha256(body.removesuffix(b"\n")).hexdigest() == SHA256


def test_the_seed_article_is_understood() -> None:
    article = load_folder(FOLDER).library.get(SEED)
    assert article is not None
    title = "We Discussed with an Intimacy Coordinator Regarding Gwyneth Paltrow’s Remarks on Their"
    assert article.title == f"{title} Function"
    assert [section.title for section in sections(article)] == [
        "",
        "The Role of Intimacy Coordinators in Hollywood and Gwyneth Paltrow’s Perspective",
        "Paltrow’s Viewpoint",
        "The Significance of Intimacy Coordinators",
        "Beyond Actor-to-Actor Relationships",
        "Creativity vs. Security",
    ]
    numbered = paragraphs(article)
    assert len(numbered) == 14
    assert numbered[0].span.of(article.text).startswith("Following the #MeToo movement, ")
    assert numbered[-1].span.of(article.text).endswith("there’s a lot")
    assert "*" not in article.text


def test_the_seed_article_claims_nothing_that_is_not_known() -> None:
    article = load_folder(FOLDER).library.get(SEED)
    assert article is not None
    known = article.metadata
    assert known.language == "en"
    assert known.note is not None
    assert "cut off" in known.note
    assert (known.url, known.outlet, known.author, known.published) == (None,) * 4
