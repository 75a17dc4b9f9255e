"""The shipped briefings keep to their rules, and the questions on them to the articles."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "corpus" / "articles"
SEED = "paltrow-on-intimacy-coordinators"
BRIEFINGS = (
    "beyond-hollywood",
    "intimacy-coordination-history",
    "numbers-and-gaps",
    "sceptics-and-defenders",
    "us-rules-union-and-contract",
    "what-an-intimacy-coordinator-does",
)
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (ROOT / "tests/data/questions.jsonl").read_text("utf-8").splitlines()
]
ADDRESS = re.compile(r"https?://[^\s)'\"]+")
QUOTATION = re.compile(r"“([^”]+)”")


def parts(article_id: str) -> tuple[dict[str, Any], str]:
    """Front matter and Markdown body of an article."""
    _, front, body = (ARTICLES / f"{article_id}.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def plain(markdown: str) -> str:
    """Paragraphs without link targets, emphasis and heading marks, a blank line between them."""
    unlinked = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    unmarked = re.sub(r"^#+ |\*", "", unlinked, flags=re.MULTILINE)
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", unmarked))


def body_of(article_id: str) -> str:
    path = ARTICLES / f"{article_id}.md"
    if article_id == SEED and not path.exists():
        pytest.skip("the seed article does not stand in corpus/articles")
    return plain(parts(article_id)[1])


@pytest.fixture(scope="module")
def topic() -> str:
    """The fact base on which the briefings stand."""
    path = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared")) / "topic.md"
    if not path.exists():
        pytest.skip(f"needs {path}; ONRECORD_SHARED names its folder")
    return path.read_text("utf-8")


def host(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.")


def mirrors(topic: str) -> set[str]:
    """Hosts of copies: named only under [M], or listed as a copy of another outlet."""
    copies = re.compile(
        r"^(- \*\*(?!.*\[P\]).*\[M\]|\d+\. .* - .*\b(copy|mail viewer)\b.* - ).*", re.MULTILINE
    )
    return {host(url) for line in copies.finditer(topic) for url in ADDRESS.findall(line.group())}


@pytest.mark.parametrize("article_id", BRIEFINGS)
class TestEachBriefing:
    def test_has_complete_front_matter(self, article_id: str) -> None:
        about, _ = parts(article_id)
        assert about["author"] == "On Record"
        assert about["outlet"] == "On Record briefing"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", about["published"])
        assert about["title"].strip()
        assert len(about["sources"]) >= 10
        assert all(isinstance(source, str) for source in about["sources"])
        assert len(set(about["sources"])) == len(about["sources"])

    def test_has_700_to_1400_words(self, article_id: str) -> None:
        assert 700 <= len(body_of(article_id).split()) <= 1400

    def test_lists_every_linked_source(self, article_id: str) -> None:
        about, body = parts(article_id)
        listed = {url for source in about["sources"] for url in ADDRESS.findall(source)}
        assert set(ADDRESS.findall(body)) == listed

    def test_pairs_its_quotation_marks(self, article_id: str) -> None:
        text = body_of(article_id)
        assert '"' not in text
        assert text.count("“") == text.count("”") == len(QUOTATION.findall(text))

    def test_quotes_only_what_the_fact_base_quotes(self, article_id: str, topic: str) -> None:
        section = topic[topic.index("## Q.") : topic.index("## S.")]
        assert set(QUOTATION.findall(body_of(article_id))) <= set(QUOTATION.findall(section))

    def test_links_only_to_publishers_own_pages(self, article_id: str, topic: str) -> None:
        facts = re.findall(r"^- \*\*[A-P]\d+\*\*.*\[P\].*", topic, flags=re.MULTILINE)
        known = {url.rstrip(".,;") for fact in facts for url in ADDRESS.findall(fact)}
        allowed = {url for url in known if host(url) not in mirrors(topic)}
        assert set(ADDRESS.findall(parts(article_id)[1])) <= allowed

    def test_names_no_mirror(self, article_id: str, topic: str) -> None:
        raw = (ARTICLES / f"{article_id}.md").read_text("utf-8")
        assert [name for name in mirrors(topic) if name in raw] == []


def test_questions_are_80_answerable_and_40_near_misses() -> None:
    kinds = Counter(question["kind"] for question in QUESTIONS)
    assert sum(question["answerable"] for question in QUESTIONS) == 80
    assert kinds["near miss"] == 40
    assert kinds["plain"] + kinds["paraphrase"] == 80
    assert kinds["paraphrase"] * 3 >= 80


def test_no_question_stands_twice() -> None:
    for field in ("id", "question"):
        assert len({question[field] for question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_answerable_questions_have_evidence_and_near_misses_a_reason(
    question: dict[str, Any],
) -> None:
    assert question["answerable"] == (question["kind"] != "near miss")
    assert question["answerable"] == bool(question["evidence"])
    assert question["answerable"] != bool(question.get("why_not"))


@pytest.mark.parametrize("article_id", [*BRIEFINGS, SEED])
def test_each_evidence_quote_stands_exactly_once_in_its_article(article_id: str) -> None:
    quotes = [
        evidence["quote"]
        for question in QUESTIONS
        for evidence in question["evidence"]
        if evidence["article_id"] == article_id
    ]
    assert quotes
    text = body_of(article_id)
    assert [quote for quote in quotes if text.count(quote) != 1] == []


def test_evidence_names_only_shipped_articles() -> None:
    named = {item["article_id"] for question in QUESTIONS for item in question["evidence"]}
    assert named == {*BRIEFINGS, SEED}
