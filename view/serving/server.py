"""What the server does beside running the pages.

* titles, describes and opens every page in the visitor's language (``document.py``),
* sends Streamlit's scripts compressed, each compressed once,
* says in headers that nothing may be fetched from another host,
* keeps from outside what Streamlit offers beside the pages,
* collects garbage when nobody is waiting.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import gzip
import hashlib
import importlib
import json
import logging
import mimetypes
import pkgutil
import re
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit import config

import model
import view
from view.pages import PAGES, ROOT, PageEntry
from view.parts.context import w
from view.pictures import live_files
from view.queueing.copies import FORKS, STAYS
from view.queueing.desk import Desk, NoAnswerError
from view.queueing.elsewhere import ELSEWHERE
from view.queueing.heavy import turn
from view.queueing.senders import Sender, sender
from view.queueing.turns import TURNS
from view.serving import archive, cards, kit, lessons, refuse, rooms, uploads
from view.serving.document import STATIC_DIR, document, first_files, late_files, script_hash
from view.serving.moves import Moves, in_thread
from view.serving.uploads import Uploads
from view.words.words import choose

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT: Final = ROOT / "view" / "serving" / "frame.py"
ASSETS: Final = ROOT / "view" / "assets"
_log = logging.getLogger(__name__)


# -- Compression ---------------------------------------------------------------


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip (a weight of nought refuses it)."""
    for item in header.lower().split(","):
        coding, _, parameters = item.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", parameters)
    return False


class Packed(NamedTuple):
    """A file compressed, with the name of this version of it."""

    body: bytes
    etag: str
    media_type: str


class Packing:
    """``/static/…`` and ``/live/…`` compressed once and kept.

    Streamlit sends its files uncompressed because the usual middleware would compress
    them again for every visitor. They never change while the server runs (their
    names carry a hash), so the compressed bytes stay in memory: 1.4 MB instead of
    4.7 for the largest.
    """

    SUFFIXES: Final = frozenset({".js", ".css", ".svg", ".json", ".wasm", ".ttf"})
    MAX_BYTES: Final = 48 * 2**20

    def __init__(self, directory: Path = STATIC_DIR) -> None:
        self._directory = (directory / "static").resolve()
        self._packed: dict[str, Packed] = {}
        self._size = 0
        self._lock = threading.Lock()

    def _file(self, name: str) -> tuple[bytes, str] | None:
        """The content and type of a file we compress, by its path on the wire."""
        folder, _, rest = name.partition("/")
        if folder == live_files.FOLDER:
            file = live_files.FILES.get(rest)
            return None if file is None else (file.body, "text/javascript")
        path = (self._directory / rest).resolve()
        inside = folder == "static" and path.is_relative_to(self._directory)
        if not inside or path.suffix not in self.SUFFIXES or not path.is_file():
            return None
        media_type = "text/javascript" if path.suffix == ".js" else _media_type(path)
        return path.read_bytes(), media_type

    def pack(self, name: str) -> Packed | None:
        """The compressed file at this path (``static/…``, ``live/…``), if it is one we compress."""
        if found := self._packed.get(name):
            return found
        file = self._file(name)
        if file is None:
            return None
        # Compressing is slow enough that a second visitor should wait for the first's.
        with self._lock:
            if found := self._packed.get(name):
                return found
            content, media_type = file
            body = gzip.compress(content, 9, mtime=0)
            etag = f'"{hashlib.sha256(body).hexdigest()[:20]}-gzip"'
            packed = Packed(body, etag, media_type)
            if self._size + len(body) <= self.MAX_BYTES:
                self._packed[name] = packed
                self._size += len(body)
            return packed

    def pack_first(self) -> None:
        """Compress what every first visit loads before somebody asks for it."""
        for name in (*first_files(), *late_files()):
            self.pack(f"static/{name}")
        for file in live_files.FILES.values():
            self.pack(file.path)


PACKING: Final = Packing()


class PackedStatic:
    """Answer ``/static/…`` and ``/live/…`` with :data:`PACKING`.

    What is not text, not whole (a Range) or not taken by the client goes on to
    Streamlit.
    """

    CACHE_CONTROL: Final = "public, immutable, max-age=31536000"

    def __init__(self, app: ASGIApp, packing: Packing = PACKING) -> None:
        self.app = app
        self._packing = packing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the compressed file, or pass the request on."""
        path = _local_path(scope)
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if (
            scope["type"] != "http"
            or scope["method"] not in {"GET", "HEAD"}
            or not path.startswith(("/static/", f"/{live_files.FOLDER}/"))
            or "range" in headers
            or not accepts_gzip(headers.get("accept-encoding", ""))
        ):
            await self.app(scope, receive, send)
            return
        packed = await asyncio.to_thread(self._packing.pack, path.removeprefix("/"))
        if packed is None:
            await self.app(scope, receive, send)
            return
        known = {tag.strip() for tag in headers.get("if-none-match", "").split(",")}
        fresh = packed.etag in known or f"W/{packed.etag}" in known
        response = Response(
            b"" if fresh or scope["method"] == "HEAD" else packed.body,
            status_code=304 if fresh else 200,
            media_type=None if fresh else packed.media_type,
            headers={
                "Cache-Control": self.CACHE_CONTROL,
                "ETag": packed.etag,
                "Vary": "Accept-Encoding",
            },
        )
        if not fresh:
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(packed.body))
        await response(scope, receive, send)


def _media_type(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _local_path(scope: Scope) -> str:
    """The path of a request below wherever the app is mounted."""
    return str(scope.get("path", "")).removeprefix(str(scope.get("root_path", "")))


# -- Headers -------------------------------------------------------------------


def content_security_policy(host: str) -> str:
    """Nothing comes from, or goes to, another host.

    ``blob:`` is how Streamlit loads the script of a component, ``'unsafe-inline'``
    is for styles only, and the sockets are named because older browsers do not
    count them as ``'self'``. The host is the client's word: it is named only if it
    can be nothing but a host.
    """
    sockets = f" ws://{host} wss://{host}" if re.fullmatch(r"[\w.\-\[\]:]+", host, re.ASCII) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: '{script_hash()}'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "frame-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer. Whether a page is only ever asked for over TLS is for the proxy to say."""


class Guard:
    """Add the security headers, and send who is lost to the page one lands on.

    Streamlit answers any path it does not know with its own document and status
    200; that document is not in the visitor's language, so it is never sent on.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with more to say about the answer."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        secure = scope["scheme"] in {"https", "wss"}
        lost = False

        async def guarded(message: Message) -> None:
            nonlocal lost
            if secure and message["type"] in _BEGINNINGS:
                _only_over_tls(message)
            if message["type"] in {"websocket.accept", "websocket.http.response.start"}:
                message.setdefault("headers", [])
                MutableHeaders(scope=message).update(SECURITY)
            elif message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                html = headers.get("content-type", "").startswith("text/html")
                path = _local_path(scope)
                light = path in LIGHT or path.startswith(_LIGHT_BELOW)
                lost = html and message["status"] == 200 and not light and _OURS not in headers
                del headers[_OURS]
                if lost:
                    return
                if light:
                    # They say themselves who may show them.
                    await send(message)
                    return
                headers.update(SECURITY)
                if html:
                    headers["Content-Security-Policy"] = content_security_policy(host)
            if not lost:
                await send(message)

        await self.app(scope, receive, guarded)
        if lost:
            query = scope.get("query_string", b"").decode("latin-1")
            target = f"{scope.get('root_path', '')}/" + (f"?{query}" if query else "")
            away = RedirectResponse(target, 302, {"Cache-Control": "no-cache", **SECURITY})
            await away(scope, receive, send)


LIGHT: Final = frozenset(
    route.path for route in (*cards.ROUTES, *lessons.ROUTES, *kit.ROUTES, *rooms.ROUTES)
)
"""Paths of what is served without Streamlit, and says itself who may show it."""

_LIGHT_BELOW: Final = ("/archive/", f"{rooms.PATH}/")

_BEGINNINGS: Final = frozenset(
    {"http.response.start", "websocket.accept", "websocket.http.response.start"}
)
"""The messages that carry the headers of an answer."""


def _only_over_tls(message: Message) -> None:
    """Mark every cookie as one that never goes over a line that can be read.

    Streamlit does so only where it ends TLS itself. Where somebody before us does, uvicorn believes
    the ``X-Forwarded-Proto`` of this computer (or of whom ``--forwarded-allow-ips`` names).
    """
    message["headers"] = [
        (name, value + b"; Secure")
        if name.lower() == b"set-cookie" and b"; secure" not in value.lower()
        else (name, value)
        for name, value in message.get("headers", [])
    ]


class Closed:
    """Answer nothing but what the pages themselves ask for.

    Streamlit also tells everybody how many visitors there are and what they hold in memory
    (``metrics``), and offers interfaces for programs and for components that there are none of.
    """

    OPEN: Final = re.compile(r"/_stcore/(health|host-config|stream|upload_file/[^/]+/[^/]+)")
    INSIDE: Final = re.compile(r"/(_stcore|component)(/|$)")

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say that there is nothing."""
        path = _local_path(scope)
        if scope["type"] == "http" and self.INSIDE.match(path) and not self.OPEN.fullmatch(path):
            await Response(status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class OwnErrors:
    """Keep Streamlit's own boxes about the connection away: they are in English.

    The page says in its own language that the connection is lost (``document.js``). What the
    browser is told to do about errors is a part of an answer that can be set nowhere else.
    """

    PATH: Final = "/_stcore/host-config"

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change that one answer; pass all others on."""
        if scope["type"] != "http" or _local_path(scope) != self.PATH or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def changed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = MutableHeaders(scope=start)
            if start["status"] == 200 and "content-encoding" not in headers:
                body = json.dumps({**json.loads(body), "blockErrorDialogs": True}).encode()
                headers["Content-Length"] = str(len(body))
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, changed)


_OURS: Final = "X-Who-Pays"
"""Marks our own documents on their way out; never sent."""


# -- Routes --------------------------------------------------------------------


class Visit(NamedTuple):
    """A page asked for."""

    who: Sender
    page: PageEntry
    lang: str
    query: dict[str, str]
    browser: str
    gzipped: bool


def _painted(visit: Visit) -> bytes:
    """The document with its first words, which are worked out from the address."""
    with turn(visit.who):
        text = document(visit.page, visit.lang, visit.query, browser=visit.browser)
    return gzip.compress(text.encode(), 6, mtime=0) if visit.gzipped else text.encode()


@cache
def _plain(page: PageEntry, lang: str, gzipped: bool) -> bytes:
    """The document without any number: the page is drawn, and its words follow with it."""
    text = document(page, lang, None)
    return gzip.compress(text.encode(), 6, mtime=0) if gzipped else text.encode()


_PAINTERS: Final = ThreadPoolExecutor(2, thread_name_prefix="paint")
#: Nobody waits longer for first words than they would for a page without them.
PAINTS: Final = Desk[Visit, bytes](
    lambda visit: in_thread(_PAINTERS, _painted, visit),
    at_once=2,
    waiting=100,
    of_address=60,
    begin=0.3,
    patience=lambda: 5.0,
)


def _page_route(page: PageEntry) -> Route:
    async def answer(request: Request) -> Response:
        query = dict(request.query_params)
        lang = choose(query.get("lang"), request.headers.get("accept-language"))
        browser = request.headers.get("user-agent", "")
        gzipped = accepts_gzip(request.headers.get("accept-encoding", ""))
        # All of one address are one sender, but none of them takes the place of another.
        who = sender(request.client.host if request.client else None, None)
        one = who._replace(page=uuid.uuid4().hex)
        try:
            # In a thread: some first words take a second, and everybody's messages pass here.
            body = await PAINTS.ask(one, Visit(who, page, lang, query, browser, gzipped))
        except NoAnswerError:
            body = _plain(page, lang, gzipped)
        headers = {
            "Cache-Control": "no-cache",
            "Content-Language": lang,
            "Vary": "Accept-Language, Accept-Encoding, User-Agent",
            _OURS: "1",
        }
        # Streamlit's own middleware leaves "/" alone, so the document is packed here.
        if gzipped:
            headers["Content-Encoding"] = "gzip"
        return Response(body, media_type="text/html", headers=headers)

    return Route(page.path, answer, name=f"page-{page.id}")


def _asset_route(path: str, name: str) -> Route:
    async def answer(_request: Request) -> Response:
        return FileResponse(ASSETS / name, headers={"Cache-Control": "public, max-age=86400"})

    return Route(path, answer, name=f"asset-{name}")


def _live_route() -> Route:
    """The live panels' files for clients that take no gzip; the others get them packed."""

    async def answer(request: Request) -> Response:
        file = live_files.FILES.get(request.path_params["name"])
        if file is None:
            return Response(status_code=404)
        headers = {"Cache-Control": PackedStatic.CACHE_CONTROL, "Vary": "Accept-Encoding"}
        return Response(file.body, media_type="text/javascript", headers=headers)

    return Route(f"/{live_files.FOLDER}/{{name}}", answer, name="live-file")


#: Moves of all hands. A module's own, because routes and the life of the process both know it.
MOVES: Final = Moves()


ROUTES: Final = [
    *(_page_route(page) for page in PAGES),
    *cards.ROUTES,
    *lessons.ROUTES,
    *kit.ROUTES,
    *archive.ROUTES,
    *rooms.ROUTES,
    Route(live_files.MOVE, MOVES.answer, methods=["POST"], name="live-move"),
    _live_route(),
    _asset_route("/icon.svg", "icon.svg"),
    _asset_route("/favicon.png", "icon.png"),
    _asset_route("/favicon.ico", "icon.png"),
]
MIDDLEWARE: Final = [
    Middleware(Guard),
    Middleware(Closed),
    Middleware(Uploads),
    Middleware(PackedStatic),
    Middleware(OwnErrors),
]


# -- Life of the process -------------------------------------------------------


def warm_up() -> None:
    """Import what the pages need, so that the first visitor does not wait for it."""
    apart = {f"{name}.__main__" for name in ("model", "view", "view.kit")}
    apart |= {"view.serving.beside", "view.serving.frame"}
    for package in (model, view):
        # Also what each mechanism answers, which is found by folder when it is first asked.
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name not in apart:
                importlib.import_module(module.name)


def give_back() -> None:
    """Give memory that nobody uses back to the system, where the C library can.

    Runs come and go by the hundred kilobytes: what lies between them would stay with the process.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


async def collect_when_idle(every: float = 60.0, quiet: float = 2.0, most: float = 20.0) -> None:
    """Collect the oldest generation once a minute, at a moment when no page has just run.

    A full collection holds the interpreter for some tens of milliseconds, which is
    why it does not happen after every run as Streamlit would have it. A server that
    is never idle is collected all the same after ``most`` seconds.
    """
    while True:
        await asyncio.sleep(every)
        waited = 0.0
        while time.monotonic() - TURNS.last < quiet and waited < most:
            await asyncio.sleep(quiet)
            waited += quiet
        gc.collect()
        give_back()


def _nobody_in_particular(record: logging.LogRecord) -> bool:
    """Leave out who has connected from where; for uvicorn that is an error log's business."""
    return record.levelno > logging.INFO or not re.match(
        r'.* - "WebSocket |connection (open|closed)', record.getMessage()
    )


#: Seconds after which one thread lets another one run; Python's own is 5 ms, half of what a moved
#: knob costs.
SWITCH: Final = 0.0005


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Get ready before the first visitor, and keep house until the end."""
    if config.get_option("browser.gatherUsageStats"):
        raise RuntimeError(
            f"The settings in {ROOT / '.streamlit'} were not read: start the app from {ROOT}."
        )
    # Addresses hold what people typed: they are not written down.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").addFilter(_nobody_in_particular)
    # Who caused an error reads a sentence and the log its traceback, once (on_script_error).
    logging.getLogger("streamlit.error_util").disabled = True
    refuse.install()
    uploads.install()
    await asyncio.to_thread(warm_up)
    # What has been imported stays for good: never look at it again.
    gc.collect()
    gc.freeze()
    # A page that is being run lets its answer go out while it still works on the rest.
    sys.setswitchinterval(SWITCH)
    ELSEWHERE.open()
    if STAYS and FORKS:
        MOVES.worker.prepare()
    housekeeping = asyncio.create_task(collect_when_idle())
    packing = asyncio.create_task(asyncio.to_thread(PACKING.pack_first))
    try:
        async with rooms.keeping():
            yield None
    finally:
        packing.cancel()
        ELSEWHERE.close()
        await MOVES.close()
        await PAINTS.close()
        await cards.DRAWINGS.close()
        housekeeping.cancel()
        with suppress(asyncio.CancelledError):
            await housekeeping


def on_script_error(error: Exception) -> bool:
    """One clear sentence for the visitor, the traceback for the log."""
    if isinstance(error, NoAnswerError):
        # No fault of anybody: there will be room in a while.
        st.warning(w("app.busy"), icon=":material/hourglass_top:")
        st.button(w("app.again"), key="wp-again")
        return True
    _log.error("a page failed", exc_info=error)
    st.error(w("app.error"))
    return True
