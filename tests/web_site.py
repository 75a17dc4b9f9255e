"""A web server on this computer for the tests of fetching: pages, feeds, redirects, faults."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterator

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Serves what is in ``pages``; remembers what it was asked.

    Attributes:
        pages: from path to a body, a response, or a function of the request.
        asked: the requests so far, in order.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str | bytes | web.Response | Handler] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.port = 0

    @property
    def host(self) -> str:
        """As the setting of allowed hosts names it."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """The address of ``path`` here."""
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [path for path, _ in self.asked]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path_qs, dict(request.headers)))
        found = self.pages.get(request.path_qs, self.pages.get(request.path))
        if found is None:
            return web.Response(status=404, text="not here")
        if isinstance(found, web.Response):
            body = found.body
            assert body is None or isinstance(body, bytes)
            return web.Response(status=found.status, body=body, headers=found.headers)
        if callable(found):
            return await found(request)
        kind = "application/xml" if request.path.endswith(".xml") else "text/html"
        body = found.encode() if isinstance(found, str) else found
        return web.Response(body=body, content_type=kind)


@contextmanager
def serving() -> Iterator[Site]:
    """A site on a free port, in a thread of its own."""
    site = Site()
    loop = asyncio.new_event_loop()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        place = web.TCPSite(runner, "127.0.0.1", 0)
        await place.start()
        site.port = runner.addresses[0][1]

    loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield site
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


SENTENCES = (
    "The council voted on Monday to close the old swimming pool.",
    "It has been losing four hundred thousand pounds in every year since 2019.",
    "“Nobody wanted this,” said the mayor, Ada Brook, after the vote.",
    "Residents have until the end of March to object to the plan.",
    "A new pool is to open beside the station, if the county pays for half of it.",
    "The county has said that it will decide in May.",
)


def page(
    title: str = "The pool will close",
    sentences: tuple[str, ...] = SENTENCES,
    head: str = "",
    menu: int = 5,
) -> str:
    """An article as sites serve it: a head, a menu, the text, a footer."""
    links = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(menu))
    pairs = zip(sentences[::2], sentences[1::2], strict=True)
    text = "".join(f"<p>{one} {two}</p>" for one, two in pairs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head><body>'
        f"<nav><ul>{links}</ul></nav><article><h1>{title}</h1>{text}</article>"
        "<footer>All rights reserved</footer></body></html>"
    )
