"""What comes in becomes a Markdown file with its past; the same article comes in once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ArticleError, UnsafeFileError
from corpus.formats import parse, parse_plain, parse_text
from corpus.formats.confined import Limits as ReadLimits
from corpus.formats.front_matter import read_fields
from corpus.formats.writing import write
from corpus.intake import Act, Adder, Gatherer, Outcome, Shelf, ShelfError, Status
from corpus.intake.pages import SMALL, read_page
from corpus.intake.shelf import file_stem, safe_name
from corpus.loader import load_folder
from corpus.web import Fetcher, Limits
from tests import documents
from tests.web_site import SENTENCES, Site, page, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEXT = "The pool will close\n\n" + "\n\n".join(SENTENCES) + "\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.pages["/robots.txt"] = "User-agent: *\nAllow: /"
        yield found


def gatherer(folder: Path, site: Site | None = None, *, force: bool = False) -> Gatherer:
    adder = Adder(Shelf(folder, lambda: NOW), frozenset({"en"}), "terminal:me", force)
    allowed = frozenset({site.host} if site else ())
    return Gatherer(adder, Fetcher(allowed, Limits(seconds=5)), sleep=lambda seconds: None)


def add(folder: Path, source: str, site: Site | None = None, *, force: bool = False) -> Outcome:
    [outcome] = gatherer(folder, site, force=force).add(source)
    return outcome


def send(folder: Path, data: bytes | str, name: str, *, force: bool = False) -> Outcome:
    data = data.encode() if isinstance(data, str) else data
    [outcome] = gatherer(folder, force=force).add_data(data, name)
    return outcome


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.md"))


# Writing: what is read from the Markdown is what was read from the original.

_MARKS = st.text("#*_[]()<>!&~`\\-+=|:.1aB \n\u00a0\u3000é\"^@/'$%;?{}", max_size=80)


@settings(max_examples=300, deadline=None)
@given(_MARKS | st.text(max_size=60))
def test_any_text_reads_the_same_from_its_markdown(source: str) -> None:
    try:
        document = parse_plain(source)
    except ArticleError:
        return
    written = write({"title": "T: #1", "author": "- x"}, document)
    read = parse_text(written, ".md")
    assert read.text == document.text
    assert read.title == "T: #1"


PDF = documents.pdf([["A line of *text* here.", "1. one", "# two", "<b>not bold</b> _x_ &amp;"]])
DOCX = documents.docx(
    documents.paragraph("*A* [note](x) &amp;amp; 1) and # signs ##", "Heading2")
    + documents.paragraph("Text.")
)
EPUB = documents.epub({"a.xhtml": documents.chapter("# One #", "- First &amp;lt; `x`.", "**B**")})
HTML = page("A &amp; B", (*SENTENCES, "*One* &lt;two&gt; [three](x)", "1. four"))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PDF, "a.pdf"),
        (DOCX, "a.docx"),
        (EPUB, "a.epub"),
        (HTML, "a.html"),
        ("Title\n\n* one\n* two_three_\n\n    code", "a.txt"),
        ("# T\r\n\r\nSome *marked* text.\r\n\r\n> A [quote](http://x.org).\r\n", "a.md"),
    ],
)
def test_every_format_reads_the_same_from_its_markdown(
    tmp_path: Path, data: bytes | str, name: str
) -> None:
    data = data.encode() if isinstance(data, str) else data
    outcome = send(tmp_path, data, name, force=True)
    assert outcome.status is Status.ADDED, outcome
    [article] = load_folder(tmp_path).library
    original = next((tmp_path / ".originals").rglob("*.*"))
    assert original.read_bytes() == data
    if name.endswith((".html", ".txt", ".md")):
        assert article.text == parse(data, name).text
    markdown = (tmp_path / outcome.file).read_bytes()
    assert b"\r" not in markdown
    assert (
        read_fields(markdown.decode()).values["original"]
        == original.relative_to(tmp_path).as_posix()
    )


def test_the_front_matter_says_where_an_article_is_from(tmp_path: Path, site: Site) -> None:
    head = '<meta name="author" content="Jo Writer"><meta property="og:site_name" content="Herald">'
    head += '<meta property="article:published_time" content="2024-05-06T08:00:00Z">'
    site.pages["/news/pool"] = page(head=head)
    outcome = add(tmp_path, site.url("/news/pool?utm_source=x#top"), site)
    assert (outcome.status, outcome.file) == (Status.ADDED, "the-pool-will-close.md")
    fields = read_fields((tmp_path / outcome.file).read_text("utf-8")).values
    digest = str(fields.pop("sha256"))
    assert len(digest) == 64
    assert fields == {
        "title": "The pool will close",
        "outlet": "Herald",
        "author": "Jo Writer",
        "published": "2024-05-06",
        "language": "en",
        "url": site.url("/news/pool"),
        "retrieved": "2026-11-22",
        "original": f".originals/{digest[:16]}/pool.html",
    }


def test_markdown_is_kept_as_it_was_written_with_what_its_front_matter_says(tmp_path: Path) -> None:
    source = "---\ntitle: Mine\nid: my-id\nstatus: draft\n---\n# Mine\n\nSome *marked* [text](x).\n"
    outcome = send(tmp_path, source, "Notes of May.md")
    assert (outcome.id, outcome.file) == ("my-id", "notes-of-may.md")
    written = (tmp_path / outcome.file).read_text("utf-8")
    assert written.endswith("---\n\n# Mine\n\nSome *marked* [text](x).\n")
    assert read_fields(written).values["status"] == "draft"


# Identity: one article, whatever it is called.


def test_the_same_page_again_is_unchanged(tmp_path: Path, site: Site) -> None:
    site.pages["/pool"] = page()
    first = add(tmp_path, site.url("/pool"), site)
    site.pages["/pool"] = page(menu=9)
    for address in ("/pool", "/pool/?utm_campaign=a&fbclid=1", "/pool#comments"):
        site.pages["/pool/"] = page()
        again = add(tmp_path, site.url(address), site)
        assert (again.status, again.id) == (Status.UNCHANGED, first.id)
    assert files(tmp_path) == [first.file]


def test_the_address_that_a_page_declares_is_its_own(tmp_path: Path, site: Site) -> None:
    site.pages["/pool"] = page()
    first = add(tmp_path, site.url("/pool"), site)
    head = f'<link rel="canonical" href="{site.url("/pool")}">'
    site.pages["/print/7"] = page(head=head)
    assert add(tmp_path, site.url("/print/7"), site).id == first.id
    elsewhere = '<link rel="canonical" href="https://victim.example/pool">'
    site.pages["/other"] = page("Other", tuple(f"{s} Or not at all." for s in SENTENCES), elsewhere)
    other = add(tmp_path, site.url("/other"), site)
    assert other.status is Status.ADDED
    assert Shelf(tmp_path).articles()[other.id].url == site.url("/other")


def test_the_same_text_at_another_address_is_a_duplicate(tmp_path: Path, site: Site) -> None:
    site.pages["/pool"] = site.pages["/copy"] = page()
    first = add(tmp_path, site.url("/pool"), site)
    copy = add(tmp_path, site.url("/copy"), site, force=True)
    assert (copy.status, copy.id) == (Status.DUPLICATE, first.id)
    assert "same text" in copy.reason


def test_nearly_the_same_text_is_told_and_added_only_when_told_to(tmp_path: Path) -> None:
    long = " ".join(f"Sentence {n} tells of pool {n * 7} in town." for n in range(40))
    first = send(tmp_path, f"One\n\n{long}", "one.txt")
    near = send(tmp_path, f"One\n\n{long} Copyright the Herald.", "two.txt")
    assert (near.status, near.doubt, near.id) == (Status.REFUSED, "duplicate", first.id)
    forced = send(tmp_path, f"One\n\n{long} Copyright the Herald.", "two.txt", force=True)
    assert forced.status is Status.ADDED


def test_a_changed_page_is_a_new_revision_and_the_old_one_is_kept(
    tmp_path: Path, site: Site
) -> None:
    site.pages["/pool"] = page()
    first = add(tmp_path, site.url("/pool"), site)
    before = (tmp_path / first.file).read_bytes()
    site.pages["/pool"] = page(sentences=(*SENTENCES[:4], "It was rebuilt.", "All are happy now."))
    changed = add(tmp_path, site.url("/pool"), site)
    assert (changed.status, changed.id, changed.file) == (Status.CHANGED, first.id, first.file)
    assert "rebuilt" in (tmp_path / first.file).read_text("utf-8")
    [added, change] = Shelf(tmp_path).history(first.id)
    assert (added.act, change.act) == (Act.ADDED, Act.CHANGED)
    assert (tmp_path / change.revision).read_bytes() == before
    assert len(list((tmp_path / ".originals").rglob("*.html"))) == 2


def test_a_file_of_the_same_name_and_title_is_a_new_revision(tmp_path: Path) -> None:
    first = send(tmp_path, TEXT, "pool.txt")
    changed = send(tmp_path, TEXT + "\nAnd so it was.\n", "pool.txt")
    assert (changed.status, changed.id) == (Status.CHANGED, first.id)
    other = send(tmp_path, "Quite another\n\nThis is about birds, not pools.\n", "pool.txt")
    assert (other.status, other.file) == (Status.ADDED, "pool-2.md")


def test_what_was_edited_by_hand_stays_until_the_source_changes_and_is_kept(tmp_path: Path) -> None:
    first = send(tmp_path, TEXT, "pool.txt")
    path = tmp_path / first.file
    edited = (
        path.read_text("utf-8")
        .replace("swimming pool", "lido")
        .replace("---\n\n", "tag: x\n---\n\n")
    )
    path.write_text(edited, "utf-8")
    assert send(tmp_path, TEXT, "pool.txt").status is Status.UNCHANGED
    doubted = send(tmp_path, TEXT + "\nMore.\n", "pool.txt")
    assert (doubted.doubt, path.read_text("utf-8")) == ("edited", edited)
    forced = send(tmp_path, TEXT + "\nMore.\n", "pool.txt", force=True)
    assert forced.status is Status.CHANGED
    assert (tmp_path / Shelf(tmp_path).history()[-1].revision).read_text("utf-8") == edited
    assert read_fields(path.read_text("utf-8")).values["tag"] == "x"


def test_an_article_put_there_by_hand_in_another_format_is_replaced_by_markdown(
    tmp_path: Path,
) -> None:
    (tmp_path / "pool.txt").write_text(f"---\nurl: https://a.org/p\n---\n{TEXT}", "utf-8")
    (tmp_path / "old.md").write_text(
        "---\nurl: http://www.a.org/q/\n---\n# Old\n\nText.\n", "utf-8"
    )
    changed = send(tmp_path, f"---\nurl: https://a.org/p?gclid=3\n---\n{TEXT}\nMore.\n", "x.txt")
    assert (changed.status, changed.id, changed.file) == (Status.CHANGED, "pool", "pool.md")
    assert not (tmp_path / "pool.txt").exists()
    assert (tmp_path / ".revisions/pool/0001.txt").exists()
    assert send(tmp_path, "---\nid: old\n---\n# Old\n\nText.\n", "z.md").id == "old"


# Removing and bringing back.


def test_what_is_removed_can_be_brought_back(tmp_path: Path) -> None:
    first = send(tmp_path, TEXT, "pool.txt")
    before = (tmp_path / first.file).read_bytes()
    shelf = Shelf(tmp_path, lambda: NOW)
    with shelf.locked():
        shelf.remove(shelf.articles()[first.id], "me")
    assert files(tmp_path) == []
    with shelf.locked():
        back = shelf.restore(first.id, "me")
    assert back.act is Act.RESTORED
    assert (tmp_path / first.file).read_bytes() == before
    assert [event.act for event in shelf.history(first.id)] == ["added", "removed", "restored"]
    assert send(tmp_path, TEXT, "pool.txt").status is Status.UNCHANGED


def test_an_earlier_revision_can_be_brought_back_and_the_later_one_is_kept(tmp_path: Path) -> None:
    first = send(tmp_path, TEXT, "pool.txt")
    send(tmp_path, TEXT + "\nMore.\n", "pool.txt")
    send(tmp_path, TEXT + "\nMost.\n", "pool.txt")
    shelf = Shelf(tmp_path)
    [_, second, third] = shelf.history()
    with shelf.locked():
        shelf.restore(first.id, "me", second.revision)
    text = (tmp_path / first.file).read_text("utf-8")
    assert "More." not in text
    assert "Most." not in text
    assert "Most." in (tmp_path / shelf.history()[-1].revision).read_text("utf-8")
    assert third.revision != second.revision


def test_what_never_was_cannot_be_brought_back(tmp_path: Path) -> None:
    send(tmp_path, TEXT, "pool.txt")
    with pytest.raises(ShelfError, match="no earlier revision of 'nix'"):
        Shelf(tmp_path).restore("nix", "me")
    with pytest.raises(ShelfError, match="no earlier revision of 'pool'"):
        Shelf(tmp_path).restore("pool", "me")


def test_a_history_edited_by_hand_leads_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    send(folder, TEXT, "pool.txt")
    (tmp_path / "secret.md").write_text("secret", "utf-8")
    event = {"at": "x", "act": "removed", "id": "a", "title": "A"}
    outside = {"file": "a.md", "revision": "../secret.md"}
    into = {"file": "../stolen.md", "revision": "pool.md"}
    with (folder / ".history.jsonl").open("a") as opened:
        opened.write("not json\n[1]\n" + json.dumps(event | outside) + "\n")
        opened.write(json.dumps(event | {"id": "b"} | into) + "\n")
    for article_id in ("a", "b"):
        with pytest.raises(ShelfError, match="outside of the folder"):
            Shelf(folder).restore(article_id, "me")
    assert not (tmp_path / "stolen.md").exists()


def test_nothing_half_written_is_left_where_a_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(tmp_path, TEXT, "pool.txt")
    before = (tmp_path / first.file).read_bytes()

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"):
            send(tmp_path, TEXT + "\nMore.\n", "pool.txt")
    assert (tmp_path / first.file).read_bytes() == before
    assert not list(tmp_path.rglob(".writing-*"))


# Doubts.

WALL = ("To continue reading, subscribe today for one pound.", "Already a subscriber?")
WALLED = page(sentences=(*SENTENCES[:2], *WALL))
PAID = '[{"@graph": [{"isAccessibleForFree": "False"}]}]'
DECLARED = page(
    sentences=SENTENCES[:4],
    head=f'<script type="application/ld+json">{PAID}</script>',
)
TEASERS = "<!DOCTYPE html><html><body>" + "".join(
    f'<div><a href="/{n}"><p>The council voted on day {n} to close yet another pool.</p></a></div>'
    for n in range(12)
)
MENU = (
    "<!DOCTYPE html><html><body><ul>"
    + "<li><a href='/x'>Sports</a></li>" * 30
    + "</ul></body></html>"
)
GERMAN = (
    "Der Stadtrat hat am Montag beschlossen, das alte Schwimmbad zu schließen. Es verliert seit "
    "Jahren Geld, und niemand weiß, wie es weitergehen soll. Die Bürgermeisterin sagte nach der "
    "Sitzung, sie habe das nie gewollt, aber die Kosten seien zu hoch geworden."
)


@pytest.mark.parametrize(
    ("data", "name", "doubt", "said"),
    [
        (WALLED, "a.html", "paywall", "no subscription"),
        (DECLARED, "a.html", "paywall", "no subscription"),
        (TEASERS, "a.html", "menu", "mostly menus"),
        (MENU, "a.html", "menu", "mostly menus"),
        (GERMAN, "a.txt", "language", "is in German, but the embedding model knows English only"),
        (documents.pdf([GERMAN.split(". ")]), "a.pdf", "language", "is in German"),
        (documents.pdf([[*SENTENCES], [*SENTENCES], []]), "a.pdf", "scan", "1 of its 3 pages"),
    ],
    ids=["wall", "declared", "teasers", "menu", "german", "german-pdf", "scan"],
)  # fmt: skip
def test_what_looks_like_no_article_is_told_and_added_only_when_told_to(
    tmp_path: Path, data: bytes | str, name: str, doubt: str, said: str
) -> None:
    outcome = send(tmp_path, data, name)
    assert (outcome.status, outcome.doubt) == (Status.REFUSED, doubt)
    assert said in outcome.reason
    assert files(tmp_path) == []
    assert send(tmp_path, data, name, force=True).status is Status.ADDED


def test_an_article_that_only_mentions_subscribers_is_no_stub(tmp_path: Path) -> None:
    sentences = (*SENTENCES, "The paper lost subscribers over it.", "It has a subscription price.")
    assert send(tmp_path, page(sentences=sentences), "a.html").status is Status.ADDED


def test_a_model_of_all_languages_takes_all(tmp_path: Path) -> None:
    adder = Adder(Shelf(tmp_path))
    [outcome] = Gatherer(adder, Fetcher()).add_data(GERMAN.encode(), "a.txt")
    assert outcome.status is Status.ADDED


def test_a_page_that_a_script_fills_is_told(tmp_path: Path) -> None:
    outcome = send(tmp_path, "<!DOCTYPE html><html><body><script>x()</script></body></html>", "a")
    assert "filled in by a script" in outcome.reason


# Sources.


def test_an_archive_gives_an_outcome_for_each_of_its_files(tmp_path: Path) -> None:
    inner = documents.zipped({"b.txt": TEXT})
    made = documents.zipped(
        {
            "a.txt": TEXT,
            "b.pdf": documents.pdf([["Some words about birds.", "And more of them here."]]),
            "../c.txt": TEXT,
            "d.zip": inner,
            "e.png": b"\x89PNG\r\n\x1a\n",
            "f/a.txt": TEXT,
        }
    )
    found = {o.source: o for o in gatherer(tmp_path).add_data(made, "all.zip")}
    said = {source.removeprefix("all.zip: "): o.reason or o.status for source, o in found.items()}
    assert said["a.txt"] == "added"
    assert said["b.pdf"] == "added"
    assert "leads out of" in said["../c.txt"]
    assert "archive in an archive" in said["d.zip"]
    assert "an image" in said["e.png"]
    assert "has the same text" in said["f/a.txt"]
    assert not (tmp_path.parent / "c.txt").exists()
    assert [o.status for o in gatherer(tmp_path).add_data(made, "all.zip")][:2] == [
        Status.REFUSED,
        Status.UNCHANGED,
    ]


def test_a_link_in_an_archive_is_told(tmp_path: Path) -> None:
    outcome = send(tmp_path, documents.zipped_link("a.md", "/etc/passwd"), "all.zip")
    assert "is a link" in outcome.reason


def test_a_folder_is_taken_with_what_is_below_it(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "deep").mkdir(parents=True)
    (source / ".hidden").mkdir()
    (source / ".hidden" / "x.txt").write_text("hidden")
    (source / "deep" / "a.txt").write_text(TEXT)
    (source / "b.rtf").write_bytes(b"{\\rtf1 x}")
    outcomes = list(gatherer(tmp_path / "articles").add(str(source)))
    assert [outcome.status for outcome in outcomes] == [Status.REFUSED, Status.ADDED]
    assert "RTF" in outcomes[0].reason


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No such file" in add(tmp_path, str(tmp_path / "nowhere.pdf")).reason
    (tmp_path / "empty").mkdir()
    assert "has no files" in add(tmp_path, str(tmp_path / "empty")).reason
    assert "not a regular file" in add(tmp_path, "/dev/zero").reason
    assert "has no files" in send(tmp_path, documents.zipped({}), "a.zip").reason
    assert "add its address" in send(tmp_path, "<rss><channel/></rss>", "a.xml").reason
    large = tmp_path / "large.txt"
    large.write_bytes(b"")
    monkeypatch.setattr("corpus.intake.gathering.MAX_FILE", -1)
    assert "the limit for one file" in add(tmp_path, str(large)).reason


def test_a_text_longer_than_an_article_may_be_is_told(tmp_path: Path) -> None:
    long = ("word " * 20 + ".\n\n") * 42_000
    assert "is larger than 4 MB" in send(tmp_path, long, "long.txt", force=True).reason


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Herald</title>
<item><title>One</title><link>{0}/one?utm_source=rss</link></item>
<item><title>Two</title><link>{0}/two</link><pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate></item>
<item><title>Bad</title><link>javascript:alert(1)</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title>
<entry><title>One</title><link href="/one"/><updated>2026-11-22T10:00:00Z</updated></entry>
</feed>"""


def two_pages(site: Site) -> None:
    site.pages["/one"] = page("One", tuple(f"First, {one}" for one in SENTENCES))
    site.pages["/two"] = page("Two", tuple(f"{one} That was all on page two." for one in SENTENCES))


def test_a_feed_gives_its_pages(tmp_path: Path, site: Site) -> None:
    two_pages(site)
    site.pages["/feed"] = RSS.format(site.url(""))
    outcomes = list(gatherer(tmp_path, site).add(site.url("/feed")))
    assert [outcome.status for outcome in outcomes] == [Status.ADDED, Status.ADDED]
    site.pages["/atom.xml"] = ATOM
    [again] = gatherer(tmp_path, site).add(site.url("/atom.xml"))
    assert again.status is Status.UNCHANGED


def test_a_sitemap_and_an_index_of_sitemaps_give_their_pages(tmp_path: Path, site: Site) -> None:
    import gzip

    two_pages(site)
    urls = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in ("/one", "/two", "/none"))
    site.pages["/s1.xml.gz"] = gzip.compress(f"<urlset>{urls}</urlset>".encode())
    loop = f"<sitemap><loc>{site.url('/sitemap.xml')}</loc></sitemap>"
    index = f"<sitemap><loc>{site.url('/s1.xml.gz')}</loc></sitemap>{loop}"
    site.pages["/sitemap.xml"] = f"<sitemapindex>{index}</sitemapindex>"
    outcomes = list(gatherer(tmp_path, site).add(site.url("/sitemap.xml")))
    assert [outcome.status for outcome in outcomes] == ["added", "added", "refused"]
    assert "no such page" in outcomes[2].reason


def test_robots_are_respected_and_pages_not_asked_for_too_fast(tmp_path: Path, site: Site) -> None:
    two_pages(site)
    site.pages["/robots.txt"] = "User-agent: OnRecordBot\nDisallow: /one\nCrawl-delay: 4"
    site.pages["/feed"] = RSS.format(site.url(""))
    waited: list[float] = []
    polite = gatherer(tmp_path, site)
    polite.sleep = waited.append
    outcomes = list(polite.add(site.url("/feed")))
    assert "robots.txt" in outcomes[0].reason
    assert outcomes[1].status is Status.ADDED
    assert waited == [4.0]
    assert "/one?utm_source=rss" not in site.paths()


def test_a_site_that_fails_is_left_alone(tmp_path: Path, site: Site) -> None:
    urls = "".join(f"<url><loc>{site.url(f'/{n}')}</loc></url>" for n in range(20))
    site.pages["/sitemap.xml"] = f"<urlset>{urls}</urlset>"
    outcomes = list(gatherer(tmp_path, site).add(site.url("/sitemap.xml")))
    assert len(outcomes) == 6
    assert "15 of 20 were not read" in outcomes[-1].reason


def test_a_list_is_read_to_a_limit_that_is_told(tmp_path: Path, site: Site) -> None:
    two_pages(site)
    site.pages["/feed"] = RSS.format(site.url(""))
    limited = gatherer(tmp_path, site)
    limited.pages = 1
    outcomes = list(limited.add(site.url("/feed")))
    assert "lists 2 pages, of which 1 were read" in outcomes[-1].reason
    site.pages["/empty.xml"] = "<urlset></urlset>"
    assert "lists no pages" in add(tmp_path, site.url("/empty.xml"), site).reason


@pytest.mark.parametrize("kind", ["<rss><channel/></rss>", "<urlset></urlset>"])
def test_a_list_that_declares_entities_is_refused(tmp_path: Path, site: Site, kind: str) -> None:
    declared = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + kind
    site.pages["/list.xml"] = declared
    assert (
        "entities" in add(tmp_path, site.url("/list.xml"), site).reason
        or "XML" in add(tmp_path, site.url("/list.xml"), site).reason
    )


def test_a_pdf_behind_a_link_and_an_archive_are_read(tmp_path: Path, site: Site) -> None:
    lines = ["Some words about birds in May.", "And more of them here."]
    site.pages["/report"] = documents.pdf([lines], title="Birds")
    assert add(tmp_path, site.url("/report"), site).title == "Birds"
    site.pages["/all.zip"] = documents.zipped({"a.txt": TEXT})
    assert add(tmp_path, site.url("/all.zip"), site).status is Status.ADDED


def test_a_page_in_an_encoding_that_it_declares_is_read(tmp_path: Path, site: Site) -> None:
    french = page("Café naïf").encode("latin-1", "replace")
    site.pages["/meta"] = french.replace(b"<head>", b'<head><meta charset="iso-8859-1">')
    assert add(tmp_path, site.url("/meta"), site).title == "Café naïf"
    site.pages["/none"] = french
    assert "not in UTF-8" in add(tmp_path, site.url("/none"), site).reason
    site.pages["/lie"] = french.replace(b"<head>", b'<head><meta charset="nonsense">')
    assert "says that it is in the encoding" in add(tmp_path, site.url("/lie"), site).reason


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("The Pool: “Closed”!", "the-pool-closed"),
        ("Straße nach Čáslav", "strasse-nach-caslav"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "article-con"),
        ("???", "article-"),
        ("第一", "第一"),
    ],
)
def test_a_file_is_named_after_its_title_with_nothing_odd(title: str, stem: str) -> None:
    assert file_stem(title) == stem
    assert len(file_stem(title * 50).encode()) <= 88


def test_a_name_that_was_sent_leads_nowhere() -> None:
    assert safe_name("../../Report (final).PDF") == "report-final.pdf"
    assert safe_name("C:\\evil\\aux.txt") == "article-aux.txt"
    assert safe_name(".htaccess") == "htaccess"


def test_what_is_known_of_articles_follows_their_files(tmp_path: Path) -> None:
    send(tmp_path, TEXT, "pool.txt")
    (tmp_path / "bad.md").write_bytes(b"caf\xe9")
    (tmp_path / "same.md").write_text("# Other title\n\n" + "Text.\n", "utf-8")
    (tmp_path / "twin.md").write_text("# Other title\n\n" + "Text.\n", "utf-8")
    first = Shelf(tmp_path).articles()
    assert sorted(first) == ["pool", "same"]
    assert Shelf(tmp_path).articles() == first
    (tmp_path / "same.md").write_text("# Another title\n\nMore text.\n", "utf-8")
    assert Shelf(tmp_path).articles()["same"].title == "Another title"
    for broken in ("not json", '{"format": 0}', '{"format": 1, "files": {"pool.md": 7}}'):
        (tmp_path / ".known.json").write_text(broken)
        assert sorted(Shelf(tmp_path).articles()) == ["pool", "same", "twin"]


def test_a_large_page_is_read_in_a_process_with_limits() -> None:
    long = tuple(f"In year {n} the pool lost {n * 7} pounds, said the mayor." for n in range(4000))
    assert len(page(sentences=long)) > SMALL
    read = read_page(page(sentences=long))
    assert "In year 3999 the pool lost" in read.document.text
    assert read.document.title == "The pool will close"
    assert read.doubts == ()
    menu = MENU.replace("Sports", "Sports and more of that" * 20)
    assert [kind for kind, _ in read_page(menu * 20).doubts] == ["menu"]
    with pytest.raises(UnsafeFileError, match="more than 1 seconds"):
        read_page("<!DOCTYPE html><html>" + "<" * 1_500_000, ReadLimits(seconds=1))
