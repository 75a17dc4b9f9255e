"""Fetching keeps to the open web and within limits, and says what stands in the way."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import zlib
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from corpus.errors import FetchError
from corpus.web import Fetcher, Limits
from corpus.web.addresses import describe, is_public
from tests.web_site import Site, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHORT = Limits(seconds=0.5, received=200_000, unpacked=300_000, redirects=3)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


def fetcher(site: Site, limits: Limits = SHORT) -> Fetcher:
    return Fetcher(frozenset({site.host}), limits)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "0.0.0.0",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:7f00:1::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "no address",
    ],
)
def test_what_is_not_of_the_open_internet_is_not_public(address: str) -> None:
    assert not is_public(address)
    assert describe(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1/", "this computer itself"),
        ("http://localhost/", "this computer itself"),
        ("http://2130706433/", "this computer itself"),
        ("http://0x7f.1/", "this computer itself"),
        ("http://127.1/", "this computer itself"),
        ("http://[::1]/", "this computer itself"),
        ("http://[::ffff:127.0.0.1]/", "this computer itself"),
        ("http://169.254.169.254/latest/meta-data/", "a link-local or metadata address"),
        ("http://0.0.0.0/", "unspecified"),
        ("http://10.0.0.8/", "inside a private network"),
        ("file:///etc/passwd", "only http and https"),
        ("ftp://example.org/", "only http and https"),
        ("gopher://127.0.0.1/", "only http and https"),
        ("//example.org/", "only http and https"),
        ("http://", "is no address"),
        ("http://[::1", "is no address"),
        ("http://example.org:99999/", "is no address"),
        ("http://me:secret@example.org/", "name or password"),
    ],
)
def test_what_leads_elsewhere_is_refused_in_a_clear_sentence(url: str, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        Fetcher(limits=SHORT).fetch(url)


def test_a_name_that_leads_to_this_computer_is_refused_before_anything_is_sent(site: Site) -> None:
    inward = Fetcher(resolver=lambda host, port: ["127.0.0.1"], limits=SHORT)
    with pytest.raises(FetchError, match=r"pretty\.example is 127\.0\.0\.1, which is"):
        inward.fetch(f"http://pretty.example:{site.port}/")
    assert site.asked == []


def test_a_name_is_refused_if_only_one_of_its_addresses_is_inside() -> None:
    mixed = Fetcher(resolver=lambda host, port: ["93.184.216.34", "10.0.0.1"], limits=SHORT)
    with pytest.raises(FetchError, match="inside a private network"):
        mixed.fetch("http://mixed.example/")


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(site: Site) -> None:
    answers = iter([["240.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    listed = Fetcher(frozenset({f"rebind.example:{site.port}"}), SHORT, rebinding)
    with pytest.raises(FetchError):  # nothing answers at the first address
        listed.fetch(f"http://rebind.example:{site.port}/")
    assert asked == ["rebind.example"]
    assert site.asked == []


def test_a_listed_host_is_fetched_from_wherever_it_is(site: Site) -> None:
    site.pages["/"] = "hello"
    found = fetcher(site).fetch(site.url("/"))
    assert (found.data, found.content_type, found.url) == (b"hello", "text/html", site.url("/"))


def test_the_same_host_on_another_port_is_not_listed(site: Site) -> None:
    with pytest.raises(FetchError, match="ONRECORD_FETCH_HOSTS"):
        fetcher(site).fetch(f"http://127.0.0.1:{site.port + 1}/")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://169.254.169.254/latest/meta-data/", "link-local or metadata"),
        ("http://localhost:22/", "this computer itself"),
        ("file:///etc/passwd", "only http and https"),
        ("//10.0.0.1/", "inside a private network"),
    ],
)
def test_a_redirect_is_checked_like_an_address(site: Site, target: str, said: str) -> None:
    site.pages["/"] = web.Response(status=302, headers={"Location": target})
    with pytest.raises(FetchError, match=said):
        fetcher(site).fetch(site.url("/"))


def test_redirects_are_followed_to_a_limit(site: Site) -> None:
    site.pages["/a"] = web.Response(status=301, headers={"Location": "/b?x=1"})
    site.pages["/b?x=1"] = "there"
    assert fetcher(site).fetch(site.url("/a")).url == site.url("/b?x=1")
    site.pages["/round"] = web.Response(status=302, headers={"Location": "/round"})
    with pytest.raises(FetchError, match="redirects more than 3 times"):
        fetcher(site).fetch(site.url("/round"))


def test_no_cookie_is_kept_and_the_bot_names_itself(site: Site) -> None:
    headers = {"Location": "/b", "Set-Cookie": "id=1; Path=/"}
    site.pages["/a"] = web.Response(status=302, headers=headers)
    site.pages["/b"] = "there"
    fetcher(site).fetch(site.url("/a"))
    fetcher(site).fetch(site.url("/b"))
    assert all("Cookie" not in headers for _, headers in site.asked)
    assert all("OnRecord" in headers["User-Agent"] for _, headers in site.asked)


def test_the_environment_cannot_put_a_proxy_in_between(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    site.pages["/"] = "direct"
    assert fetcher(site).fetch(site.url("/")).data == b"direct"


def test_a_large_page_is_given_up(site: Site) -> None:
    site.pages["/"] = b"x" * 200_001
    with pytest.raises(FetchError, match="the limit for one file"):
        fetcher(site).fetch(site.url("/"))


def test_an_endless_page_is_given_up(site: Site) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 10_000)

    site.pages["/"] = endless
    with pytest.raises(FetchError, match="the limit for one file"):
        fetcher(site).fetch(site.url("/"))


def test_a_page_that_comes_too_slowly_is_given_up(site: Site) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.02)

    site.pages["/"] = slow
    with pytest.raises(FetchError, match=r"longer than 0\.5 seconds"):
        fetcher(site).fetch(site.url("/"))


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says what no proper one does; gives its ``host:port``."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            with closing(listening.accept()[0]) as connection:
                connection.settimeout(5)
                try:
                    talk(connection)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        host, port = listening.getsockname()
        yield f"{host}:{port}"
        thread.join(10)


def test_headers_that_drip_in_are_given_up() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-A: 1\r\n")
            threading.Event().wait(0.02)

    with (
        raw_server(drip) as host,
        pytest.raises(FetchError, match=r"longer than|cannot be fetched"),
    ):
        Fetcher(frozenset({host}), SHORT).fetch(f"http://{host}/")


def test_what_is_no_web_server_is_told() -> None:
    def nonsense(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"220 smtp.example ESMTP\r\n")

    with raw_server(nonsense) as host, pytest.raises(FetchError, match="cannot be fetched"):
        Fetcher(frozenset({host}), SHORT).fetch(f"http://{host}/")


def test_a_host_that_does_not_exist_is_told() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match="there is no host nowhere"):
        Fetcher(resolver=nowhere, limits=SHORT).fetch("http://nowhere.example/")


def test_a_resolver_that_hangs_is_given_up() -> None:
    hanging = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        hanging.wait(5)
        return ["93.184.216.34"]

    try:
        with pytest.raises(FetchError, match="longer than"):
            Fetcher(resolver=slow, limits=Limits(seconds=0.1)).fetch("http://slow.example/")
    finally:
        hanging.set()


def packed(site: Site, path: str, body: bytes, encoding: str) -> None:
    site.pages[path] = web.Response(body=body, headers={"Content-Encoding": encoding})


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_page_that_unpacks_to_too_much_is_not_unpacked(site: Site, encoding: str) -> None:
    bomb = bytes(20_000_000)
    packed(site, "/", gzip.compress(bomb) if encoding == "gzip" else zlib.compress(bomb), encoding)
    with pytest.raises(FetchError, match="unpacks to more than"):
        fetcher(site).fetch(site.url("/"))


def test_compressed_pages_are_read(site: Site) -> None:
    packed(site, "/gzip", gzip.compress(b"hello"), "gzip")
    packed(site, "/deflate", zlib.compress(b"hello"), "deflate")
    packed(site, "/raw", zlib.compress(b"hello")[2:-4], "deflate")
    for path in ("/gzip", "/deflate", "/raw"):
        assert fetcher(site).fetch(site.url(path)).data == b"hello"


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_what_cannot_be_unpacked_is_told(site: Site, encoding: str) -> None:
    packed(site, "/", b"this is not compressed", encoding)
    with pytest.raises(FetchError, match=r"damaged|not asked for"):
        fetcher(site).fetch(site.url("/"))


@pytest.mark.parametrize(
    ("status", "said", "passes"),
    [
        (404, "no such page", False),
        (403, "programs", False),
        (429, "later", True),
        (500, "later", True),
    ],
)
def test_what_a_server_refuses_is_told(site: Site, status: int, said: str, passes: bool) -> None:
    site.pages["/"] = web.Response(status=status)
    with pytest.raises(FetchError, match=said) as caught:
        fetcher(site).fetch(site.url("/"))
    assert (caught.value.status, caught.value.passes) == (status, passes)


def test_what_is_not_modified_is_told_by_its_marks(site: Site) -> None:
    async def conditional(request: web.Request) -> web.StreamResponse:
        same = request.headers.get("If-None-Match") == '"1"'
        marks = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
        return web.Response(status=304 if same else 200, text="" if same else "new", headers=marks)

    site.pages["/"] = conditional
    first = fetcher(site).fetch(site.url("/"))
    assert first.modified
    again = fetcher(site).fetch(site.url("/"), etag=first.etag, last_modified=first.last_modified)
    assert not again.modified
    assert site.asked[1][1]["If-Modified-Since"] == first.last_modified
