"""Fetching from the open web without being led to the inside of one's own network.

aiohttp, as discord.py brings it: it lets the resolver and each socket be checked, its time limit
covers headers that drip in, and it can leave redirects and decompression to the caller. A name is
resolved once a hop; the connection goes to the addresses that were checked and to no others, and
every socket is checked again when it is made.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from corpus.errors import FetchError
from corpus.web.addresses import describe, is_public

if TYPE_CHECKING:
    from collections.abc import Callable

USER_AGENT = "OnRecordBot/0.1 (reads articles for a cited archive)"
ACCEPTED = "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.8"

_REDIRECTS = (301, 302, 303, 307, 308)
_NOT_MODIFIED = 304
_CHUNK = 1 << 16
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_REASONS = {
    401: "asks for a login",
    402: "asks for payment",
    403: "refuses to show this page to programs",
    404: "has no such page",
    410: "has removed this page",
    429: "says that it was asked too often; try later",
    451: "may not show this page for legal reasons",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost.

    Attributes:
        seconds: for all of it, redirects included.
        received: bytes sent by the server.
        unpacked: bytes once decompressed.
        redirects: followed at most.
    """

    seconds: float = 30.0
    received: int = 50 * 2**20
    unpacked: int = 64 * 2**20
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found at an address.

    Attributes:
        url: where it was found, after redirects.
        data: the content, decompressed; empty if it is not modified.
        content_type: as the server says, in lower case, without parameters.
        charset: as the server says; ``None`` if it does not.
        etag: for asking again, see RFC 9110, section 13.
        last_modified: likewise.
        modified: ``False`` where it is as it was when these were given.
    """

    url: str
    data: bytes
    content_type: str = ""
    charset: str | None = None
    etag: str = ""
    last_modified: str = ""
    modified: bool = True


def resolve(host: str, port: int) -> list[str]:
    """The addresses of ``host`` as the system resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches within limits.

    Attributes:
        allowed: hosts, or ``host:port``, whose addresses are not checked, in lower case.
        limits: what one fetch may cost.
        resolver: from host and port to addresses.
    """

    allowed: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    resolver: Callable[[str, int], list[str]] = resolve

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """What is at ``url`` now. Blocks; to be called where no event loop runs.

        Args:
            url: http or https.
            etag: of the content that is known already.
            last_modified: likewise.

        Raises:
            FetchError: with a reason that continues the sentence that the address begins.
        """
        return asyncio.run(self._fetch(url, etag, last_modified))

    async def _fetch(self, url: str, etag: str, last_modified: str) -> Fetched:
        headers = {"User-Agent": USER_AGENT, "Accept": ACCEPTED, "Accept-Encoding": "gzip, deflate"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._follow(url, headers)
        except TimeoutError:
            raise FetchError(
                f"took longer than {self.limits.seconds:g} seconds and was given up; try later"
            ) from None

    async def _follow(self, url: str, headers: dict[str, str]) -> Fetched:
        for _ in range(self.limits.redirects + 1):
            found = await self._hop(url, headers)
            if isinstance(found, Fetched):
                return found
            url = urljoin(url, found)
        raise FetchError(
            f"redirects more than {self.limits.redirects} times; open it in a browser and add "
            "the address that is shown then"
        )

    async def _hop(self, url: str, headers: dict[str, str]) -> Fetched | str:
        """One request: what it gave, or where it redirects to."""
        parts = _checked(url)
        host, port = (parts.hostname or "").lower(), parts.port or _PORTS[parts.scheme]
        addresses = await self._resolved(host, port)
        connector = aiohttp.TCPConnector(
            resolver=_Pinned(host, addresses),
            socket_factory=_socket_for(frozenset(addresses)),
            force_close=True,
            use_dns_cache=False,
        )
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    trust_env=False,
                    auto_decompress=False,
                    timeout=aiohttp.ClientTimeout(total=None),
                ) as session,
                session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                if response.status in _REDIRECTS and "Location" in response.headers:
                    return response.headers["Location"]
                return await self._received(response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise FetchError(f"cannot be fetched ({_brief(error)}); check the address") from None

    async def _resolved(self, host: str, port: int) -> list[str]:
        """The addresses of ``host``, all of which may be connected to."""
        try:
            addresses = await _in_thread(lambda: self.resolver(host, port))
        except (OSError, UnicodeError):
            raise FetchError(
                f"cannot be fetched: there is no host {host}; check the address"
            ) from None
        if self.allowed & {host, f"{host}:{port}"}:
            return addresses
        for address in addresses:
            if not is_public(address):
                name = host if host == address else f"{host} is {address}, which"
                raise FetchError(
                    f"was not fetched: {name} is {describe(address)}, and only public "
                    "addresses are; whoever runs the bot can list the host in "
                    "ONRECORD_FETCH_HOSTS"
                )
        return addresses

    async def _received(self, response: aiohttp.ClientResponse) -> Fetched:
        given = response.headers
        etag, changed = given.get("ETag", ""), given.get("Last-Modified", "")
        url = str(response.url)
        if response.status == _NOT_MODIFIED:
            return Fetched(url, b"", etag=etag, last_modified=changed, modified=False)
        if response.status != 200:
            reason = _REASONS.get(response.status, "does not show it now; try later")
            told = f"was not found: its server {reason} (status {response.status})"
            raise FetchError(told, response.status)
        data = await self._content(response)
        kind = response.content_type.lower()
        return Fetched(url, data, kind, response.charset, etag, changed)

    async def _content(self, response: aiohttp.ClientResponse) -> bytes:
        unpack = _Unpacker(response.headers.get("Content-Encoding", ""), self.limits.unpacked)
        received = 0
        parts: list[bytes] = []
        async for chunk in response.content.iter_chunked(_CHUNK):
            received += len(chunk)
            if received > self.limits.received:
                raise FetchError(
                    f"has more than {self.limits.received / 2**20:g} MB, the limit for one file"
                )
            parts.append(unpack(chunk))
        return b"".join(parts)


_PORTS = {"http": 80, "https": 443}


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise FetchError("is no address; it should look like https://example.org/article") from None
    if parts.scheme not in _PORTS:
        raise FetchError(
            f"was not fetched: only http and https addresses are, and this leads to "
            f"{parts.scheme or 'no scheme'!r}"
        )
    if not parts.hostname:
        raise FetchError("is no address; it should look like https://example.org/article")
    if parts.username or parts.password:
        raise FetchError("was not fetched: it has a name or password in it; leave those out")
    return parts


class _Unpacker:
    """Decompresses chunk by chunk and stops at a limit, before the memory is used."""

    def __init__(self, encoding: str, limit: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in ("", "identity", *_WINDOWS):
            raise FetchError(f"is sent in an encoding that was not asked for ({encoding[:50]})")
        self._raw_deflate = encoding == "deflate"
        self._unpack = zlib.decompressobj(_WINDOWS[encoding]) if encoding in _WINDOWS else None
        self._left = self._limit = limit

    def __call__(self, chunk: bytes) -> bytes:
        data = chunk if self._unpack is None else self._decompressed(chunk)
        self._left -= len(data)
        if self._left < 0:
            raise FetchError(
                f"unpacks to more than {self._limit / 2**20:g} MB and was not read further"
            )
        return data

    def _decompressed(self, chunk: bytes) -> bytes:
        assert self._unpack is not None
        try:
            data = self._unpack.decompress(chunk, self._left + 1)
        except zlib.error:
            if not self._raw_deflate:
                raise FetchError("is damaged: it cannot be decompressed; try later") from None
            # Some servers leave the zlib wrapper of RFC 1950 away, as browsers allow.
            self._unpack = zlib.decompressobj(-15)
            self._raw_deflate = False
            return self._decompressed(chunk)
        self._raw_deflate = False
        return data


class _Pinned(AbstractResolver):
    """Resolves one host to the addresses that were checked, whatever its name server says now."""

    def __init__(self, host: str, addresses: list[str]) -> None:
        self._host = host
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _socket_for(addresses: frozenset[str]) -> Callable[[Any], socket.socket]:
    """Makes sockets to ``addresses`` alone: the last check, right before the connection."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if address[0] not in addresses:
            raise OSError(f"{address[0]} was not checked")
        return socket.socket(family, kind, protocol)

    return make


async def _in_thread(call: Callable[[], list[str]]) -> list[str]:
    """Run ``call`` in a thread that nothing waits for once it is given up, as a slow resolver."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()

    def settle(value: list[str] | None, error: Exception | None) -> None:
        if not future.done():
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(value or [])

    def run() -> None:
        value, error = None, None
        try:
            value = call()
        except Exception as caught:  # noqa: BLE001 - handed on to who awaits it
            error = caught
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, daemon=True).start()
    return await future


def _brief(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
