"""PDF, DOCX and EPUB files become text as a reader sees it; harmful ones are told and left."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from corpus.errors import ArticleError, UnreadableError, UnsafeFileError
from corpus.formats import archive
from corpus.formats.archive import Archive
from corpus.formats.confined import Limits
from corpus.formats.confined import read as read_confined
from corpus.formats.sniffing import Kind, kind_of
from tests import documents
from tests.documents import chapter, docx, epub, paragraph, pdf, zipped

if TYPE_CHECKING:
    from corpus.formats.document import Document

BODY = [
    "The council voted on Monday to close the old swim-",
    "ming pool, which loses money.",
    "A well-known architect objects to the plan, and so does",
    "the well-known mayor of the town.",
    "The County Decides in May",
    "“Nobody” wanted this, said the mayor (Ada Brook) af-",
    "ter the vote.",
]


def read(data: bytes, kind: Kind, limits: Limits | None = None) -> Document:
    return read_confined(data, kind, limits).document


def blocks(data: bytes) -> list[tuple[int, str]]:
    document = read(data, kind_of(data))
    return [(block.level, block.span.of(document.text)) for block in document.blocks]


def texts(data: bytes) -> list[str]:
    return [text for _, text in blocks(data)]


LATIN = [line.replace("“", '"').replace("”", '"') for line in BODY]


def test_a_pdf_has_the_paragraphs_that_stand_apart_with_cut_words_joined() -> None:
    assert blocks(pdf([LATIN], gaps=[1, 3, 4])) == [
        (0, "The council voted on Monday to close the old swimming pool, which loses money."),
        (0, " ".join(LATIN[2:4])),
        (2, "The County Decides in May"),
        (0, '"Nobody" wanted this, said the mayor (Ada Brook) after the vote.'),
    ]


def test_what_runs_over_all_pages_of_a_pdf_is_left_out_and_paragraphs_go_on() -> None:
    pages = [
        [
            "The Weekly Record",
            *(f"Line {letter} of page {number} goes on without an" for letter in "abcdef"),
            f"Page {number} of 3",
        ]
        for number in (1, 2, 3)
    ]
    text = read(pdf(pages), Kind.PDF).text
    assert "Weekly" not in text
    assert "of 3" not in text
    pages[0][-2:-1] = ["and the last sentence goes on to the"]
    pages[1][1] = "next page as it may."
    assert "goes on to the next page as it may." in read(pdf(pages), Kind.PDF).text


def test_a_pdf_says_its_title_unless_a_program_made_it_up() -> None:
    assert read(pdf([LATIN], title="The pool"), Kind.PDF).title == "The pool"
    assert read(pdf([LATIN], title="Microsoft Word - pool.doc"), Kind.PDF).title is None


@pytest.mark.parametrize("lines", [[], ["3"]])
def test_a_scan_without_text_is_told_with_what_to_do(lines: list[str]) -> None:
    with pytest.raises(UnreadableError, match=r"as a scan has none.*ocrmypdf"):
        read(pdf([lines] * 3), Kind.PDF)


def test_a_pdf_of_which_some_pages_are_scans_is_doubted() -> None:
    assert read_confined(pdf([LATIN]), Kind.PDF).doubts == ()
    [(kind, reason)] = read_confined(pdf([LATIN, LATIN, []]), Kind.PDF).doubts
    assert kind == "scan"
    assert reason.startswith("has pictures and no text on 1 of its 3 pages")


def test_a_locked_pdf_is_told() -> None:
    from pypdf import PdfWriter

    writer = PdfWriter(BytesIO(pdf([LATIN])))
    writer.encrypt("secret", algorithm="RC4-128")
    data = BytesIO()
    writer.write(data)
    with pytest.raises(UnreadableError, match="protected by a password"):
        read(data.getvalue(), Kind.PDF)


def test_a_damaged_pdf_is_told() -> None:
    with pytest.raises(UnreadableError, match=r"damaged PDF|without pages"):
        read(b"%PDF-1.4\nthis is not one", Kind.PDF)


def test_a_pdf_whose_pages_go_round_is_told() -> None:
    data = pdf([LATIN]).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")
    assert b"/Kids [2 0 R]" in data
    with pytest.raises(ArticleError):
        read(data, Kind.PDF, Limits(seconds=20))


def test_a_pdf_of_too_many_pages_is_told() -> None:
    data = pdf([["x"]]).replace(b"/Count 1", b"/Count 9")
    assert read_reason(data).startswith(("is a damaged PDF", "has no text"))
    with pytest.raises(UnreadableError, match="has 2,001 pages"):
        read(pdf([[]] * 2001), Kind.PDF)


def read_reason(data: bytes) -> str:
    with pytest.raises(ArticleError) as caught:
        read(data, kind_of(data))
    return str(caught.value)


def test_a_pdf_that_unpacks_to_much_more_is_told() -> None:
    with pytest.raises(ArticleError, match=r"damaged PDF|memory|seconds|no text"):
        read(documents.pdf_bomb(120 * 2**20), Kind.PDF, Limits(seconds=30, megabytes=512))


def test_a_file_that_takes_too_long_is_told() -> None:
    slow = pdf([["word"] * 150_000])
    with pytest.raises(UnsafeFileError, match="more than 1 seconds"):
        read(slow, Kind.PDF, Limits(seconds=1))


def test_a_file_that_needs_too_much_memory_is_told() -> None:
    large = docx("".join(paragraph(f"word {n * 7919}") for n in range(60_000)))
    with pytest.raises(UnsafeFileError, match=r"more *than 150 MB of memory"):
        read(large, Kind.DOCX, Limits(megabytes=150))


def test_a_docx_is_read_with_headings_lists_tables_and_changes() -> None:
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    body = (
        paragraph("The pool", "Heading1")
        + paragraph("It is to close, said Ada Brook.")
        + "<w:p><w:r><w:t>It </w:t></w:r><w:ins><w:r><w:t>really </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>hardly </w:delText></w:r></w:del><w:r><w:t>is.</w:t></w:r></w:p>"
        + "<w:tbl>"
        + row.format(paragraph("Year"), paragraph("Loss"))
        + "</w:tbl>"
        + paragraph("In 2019 &amp; after &lt;that&gt;", "Heading2")
    )
    core = "<dc:title>Pools</dc:title><dc:creator>A. Writer</dc:creator>"
    core += "<dcterms:created>2024-05-01T08:00:00Z</dcterms:created>"
    document = read(docx(body + paragraph("The end of it."), core=core), Kind.DOCX)
    assert [(b.level, b.span.of(document.text)) for b in document.blocks] == [
        (1, "The pool"),
        (0, "It is to close, said Ada Brook."),
        (0, "It really is."),
        (0, "Year"),
        (0, "Loss"),
        (2, "In 2019 & after <that>"),
        (0, "The end of it."),
    ]
    assert document.title == "Pools"
    assert document.metadata.author == "A. Writer"
    assert document.metadata.published == "2024-05-01"


def test_an_epub_is_read_in_the_order_of_its_spine() -> None:
    data = epub({"b.xhtml": chapter("Two", "The second one."), "a.xhtml": chapter("One", "First.")})
    document = read(data, kind_of(data))
    assert document.text == "One\n\nFirst.\n\nTwo\n\nThe second one."
    assert (document.title, document.metadata.author) == ("A book", "Ada Brook")
    assert (document.metadata.published, document.metadata.language) == ("2024-05-01", "en")


def test_a_book_locked_by_its_seller_is_told() -> None:
    locked = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        'xmlns="http://www.w3.org/2001/04/xmlenc#"><CipherData><CipherReference '
        'URI="OEBPS/a.xhtml"/></CipherData></EncryptedData></encryption>'
    )
    data = epub({"a.xhtml": "\x00garbled"}, more={"META-INF/encryption.xml": locked})
    assert "DRM" in read_reason(data)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize("xml", [BOMB, OUTSIDE, BOMB.encode("utf-16").decode("latin-1")])
def test_xml_that_declares_entities_is_refused(xml: str) -> None:
    if not xml.startswith("<"):
        part: str | bytes = BOMB.encode("utf-16")
    else:
        part = xml
    data = documents.docx("", more={})
    files = {name: Archive(data).read(name) for name in ("[Content_Types].xml", "_rels/.rels")}
    hostile = zipped({**files, "word/document.xml": part})
    assert "declares a document type or entities" in read_reason(hostile)
    book = epub({"a.xhtml": chapter("One", "First.")})
    inner = {entry.name: Archive(book).read(entry.name) for entry in Archive(book).entries()}
    assert "declares a document type or entities" in read_reason(
        zipped({**inner, "OEBPS/book.opf": part})
    )


def test_damaged_documents_are_told() -> None:
    assert "is damaged" in read_reason(zipped({"word/document.xml": "<w:document"}))
    assert "damaged DOCX" in read_reason(zipped({"word/document.xml": "<x/>"}))
    container = "META-INF/container.xml"
    assert "names no package" in read_reason(zipped({container: "<container/>"}))
    assert "is missing in it" in read_reason(
        zipped({container: '<container><rootfile full-path="no.opf"/></container>'})
    )


def test_a_zip_bomb_is_not_unpacked() -> None:
    with pytest.raises(UnsafeFileError, match="more than 200 times its size"):
        Archive(zipped({"a.txt": bytes(50 * 2**20)})).read("a.txt")


def test_a_zip_that_unpacks_to_much_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 250_000)
    many = Archive(zipped({name: bytes(100_000) for name in "abc"}))
    many.read("a")
    many.read("b")
    with pytest.raises(UnsafeFileError, match="unpacks to more than"):
        many.read("c")


def test_a_zip_that_lies_of_its_sizes_is_counted_as_it_unpacks() -> None:
    honest = zipped({"a.txt": bytes(30 * 2**20)})
    lying = honest.replace((30 * 2**20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(UnreadableError, match="cannot be unpacked"):
        Archive(lying).read("a.txt")


def test_a_zip_of_too_many_files_is_not_read() -> None:
    with pytest.raises(UnsafeFileError, match="2,001 files"):
        Archive(zipped({f"{n}.txt": "" for n in range(2001)}, zipfile.ZIP_STORED))


@pytest.mark.parametrize(
    "name",
    ["../evil.md", "a/../../evil.md", "/etc/evil.md", "C:\\evil.md", "..\\evil.md", "\\evil.md"],
)
def test_names_that_lead_out_of_an_archive_are_not_read(name: str) -> None:
    [entry] = Archive(zipped({name: "text"})).entries()
    assert "leads out of" in entry.fault


@pytest.mark.parametrize("name", ["a\nb.md", "x" * 600 + ".md"])
def test_odd_names_in_an_archive_are_not_read(name: str) -> None:
    [entry] = Archive(zipped({name: "text"})).entries()
    assert "has a name that no ordinary file has" in entry.fault


def test_links_and_devices_in_an_archive_are_not_followed() -> None:
    [link] = Archive(documents.zipped_link("a.md", "/etc/passwd")).entries()
    assert "is a link" in link.fault
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        info = zipfile.ZipInfo("pipe")
        info.external_attr = 0o010644 << 16
        made.writestr(info, "")
    [pipe] = Archive(data.getvalue()).entries()
    assert "is not a regular file" in pipe.fault


def test_what_systems_leave_in_archives_is_passed_over() -> None:
    made = zipped({"__MACOSX/._a.md": "", ".DS_Store": "", "a.md": "text", "folder/": ""})
    assert [entry.name for entry in Archive(made).entries()] == ["a.md"]


def test_damaged_and_locked_archives_are_told() -> None:
    with pytest.raises(UnreadableError, match="damaged ZIP"):
        Archive(b"PK\x03\x04 and nothing")
    broken = bytearray(zipped({"a.txt": "".join(map(str, range(999)))}))
    broken[60:90] = b"\xff" * 30
    with pytest.raises(UnreadableError, match="cannot be unpacked"):
        Archive(bytes(broken)).read("a.txt")
    locked = bytearray(zipped({"a.txt": "x"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + at] |= 1  # the flag that says so
    with pytest.raises(UnreadableError, match="password"):
        Archive(bytes(locked)).read("a.txt")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", Kind.PDF),
        (b"junk\n%PDF-1.7 ...", Kind.PDF),
        (b"<!DOCTYPE html><p>x", Kind.PAGE),
        (b"\xef\xbb\xbf\n<html><p>x", Kind.PAGE),
        (b'<?xml version="1.0"?>\n<!-- x --><html xmlns="">', Kind.PAGE),
        (b'<?xml version="1.0"?><rss version="2.0">', Kind.FEED),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', Kind.FEED),
        (b'<rdf:RDF xmlns:rdf="x">', Kind.FEED),
        (b"<urlset>", Kind.SITEMAP),
        (b"<sitemapindex>", Kind.SITEMAP),
        (b"# Hello\n\nWorld", Kind.TEXT),
        ("<feed>".encode("utf-16"), Kind.FEED),
        (b"[1] is a note. {This} is text.", Kind.TEXT),
    ],
)
def test_a_kind_is_told_by_content(data: bytes, kind: Kind) -> None:
    assert kind_of(data) is kind
    assert kind.suffix.startswith(".")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"MZ\x90\x00\x03\x00", "NUL"),
        (zipped({"xl/workbook.xml": ""}), "a spreadsheet"),
        (zipped({"ppt/presentation.xml": ""}), "a slide show"),
        (zipped({"content.xml": "", "mimetype": ""}), "OpenDocument"),
        (b'<?xml version="1.0"?><svg/>', "XML of an unknown kind"),
        (b'{"a": 1}', "data in JSON"),
        (b'{"a": 1}\n{"a": 2}\n', "data in JSON"),
        (b"caf\xe9", "not in UTF-8"),
    ],
)
def test_what_is_no_article_is_told_by_content(data: bytes, said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        kind_of(data)
