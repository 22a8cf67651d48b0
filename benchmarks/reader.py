"""A reader without a browser: opens a page over Streamlit's own protocol and moves its widgets.

Messages are Streamlit's protocol buffers (BackMsg to the server, ForwardMsg from it) over a
WebSocket, as its browser code sends them. Only servers on this computer are spoken to.
"""

from __future__ import annotations

import asyncio
import gzip
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: What the browser sends where it has no token.
NO_TOKEN = "PLACEHOLDER_AUTH_TOKEN"
#: Elements that draw one of the three pictures.
PICTURES = frozenset({"plotly_chart", "bidi_component"})


class NoReaderError(RuntimeError):
    """The server cannot be spoken to as a reader's browser would."""


def loopback(url: str) -> str:
    """The host and port of an address, which must be this computer's own."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.hostname not in LOOPBACK:
        raise NoReaderError(f"only this computer is measured, not {parts.hostname!r}")
    return parts.netloc


@dataclass
class Run:
    """What one run of the page's script has sent."""

    #: Seconds from sending until the script had finished, and until the last picture arrived.
    finished: float = 0.0
    pictures: float = 0.0
    bytes: int = 0
    messages: int = 0
    #: Kind and content of every element, in the order sent.
    elements: list[tuple[str, Any]] = field(default_factory=list)

    def of(self, kind: str) -> list[Any]:
        """The elements of a kind."""
        return [element for name, element in self.elements if name == kind]

    @property
    def errors(self) -> list[str]:
        """What a visitor would see of a failure: tracebacks and boxes that report an error."""
        boxes = [box.body for box in self.of("alert") if box.format == box.Format.ERROR]
        return [error.message or error.type for error in self.of("exception")] + boxes

    @property
    def texts(self) -> str:
        """Everything the elements say as text, HTML and notices."""
        return "\n".join(
            str(getattr(element, "body", ""))
            for kind, element in self.elements
            if kind in {"html", "markdown", "alert", "heading", "text"}
        )


class Reader:
    """One visitor of one page.

    ``path`` is the page ("/money"), ``query`` the address's query without the question mark;
    both follow what the server says, like the address bar of a browser.
    """

    def __init__(self, server: str, path: str = "/", query: str = "") -> None:
        self.host = loopback(server)
        self.path, self.query = path, query
        self.cookies: dict[str, str] = {}
        #: The address of this computer that it comes from (127.0.0.2); None: any.
        self.source: str | None = None
        self.session: str | None = None
        self.widgets: dict[str, Any] = {}
        #: The fragment of the page that each widget stands in, where it stands in one.
        self.fragments: dict[str, str] = {}
        self.states: dict[str, WidgetState] = {}
        self._page_hash = ""
        self._socket: websockets.ClientConnection | None = None
        self._beside: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def connect(self, *, timeout: float = 20.0) -> None:
        """Open the socket; with a session from before, ask for it again."""
        protocols = ["streamlit", NO_TOKEN, *([self.session] if self.session else [])]
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._socket = await websockets.connect(
            f"ws://{self.host}/_stcore/stream",
            subprotocols=[websockets.Subprotocol(name) for name in protocols],
            additional_headers={"Cookie": cookie} if cookie else None,
            origin=websockets.Origin(f"http://{self.host}"),
            max_size=None,
            ping_interval=None,
            open_timeout=timeout,
            **({"local_addr": (self.source, 0)} if self.source else {}),
            # Nothing here leaves the computer, whatever the environment says of proxies.
            proxy=None,
        )
        answer = self._socket.response
        for header in answer.headers.get_all("Set-Cookie") if answer else ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None
        if self._beside is not None:
            self._beside[1].close()
            self._beside = None

    async def open(self, *, timeout: float = 60.0) -> Run:
        """Connect and draw the page for the first time."""
        await self.connect(timeout=timeout)
        return await self.rerun(timeout=timeout)

    async def post(self, path: str, body: bytes, *, timeout: float = 60.0) -> bytes:
        """Ask beside the socket, as a page's own script does, on a connection that is kept.

        Raises OSError if the answer is not 200, or does not come.
        """
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/json\r\n"
            f"X-Page: {id(self)}\r\n"  # as a page's script does: all here have one address
            f"Accept-Encoding: gzip\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        kept = self._beside is not None
        async with asyncio.timeout(timeout):
            if self._beside is None:
                host, _, port = self.host.rpartition(":")
                self._beside = await asyncio.open_connection(host.strip("[]"), int(port))
            answers, questions = self._beside
            try:
                questions.write(head.encode() + body)
                await questions.drain()
                said = (await answers.readuntil(b"\r\n\r\n")).decode("latin-1")
                lines = (line.partition(":") for line in said.split("\r\n")[1:])
                headers = {name.lower(): value.strip() for name, _, value in lines}
                answer = await answers.readexactly(int(headers["content-length"]))
            except (OSError, EOFError, KeyError) as error:
                self._beside = None
                questions.close()
                if kept:  # the server closes a connection that was quiet for long
                    return await self.post(path, body, timeout=timeout)
                raise OSError(f"no answer to {path}") from error
        if said.split(" ", 2)[1] != "200":
            raise OSError(f"{path}: {said.splitlines()[0]}: {answer[:200]!r}")
        return gzip.decompress(answer) if headers.get("content-encoding") == "gzip" else answer

    def widget(self, key: str) -> Any | None:
        """The element of the widget with this key, from the last runs; None if there is none."""
        return next((w for id_, w in self.widgets.items() if id_.endswith(f"-{key}")), None)

    def set(self, widget_id: str, **value: Any) -> None:
        """Set a widget: ``double_value=3.0``, ``string_value="x"``; arrays as lists of numbers."""
        state = WidgetState(id=widget_id)
        for name, given in value.items():
            if name.endswith("array_value"):
                getattr(state, name).data.extend(given)
            else:
                setattr(state, name, given)
        self.states[widget_id] = state

    async def rerun(self, moved: str = "", *, timeout: float = 60.0) -> Run:
        """Send the widgets as they stand and wait until the page has answered.

        ``moved``: the id of the widget that was moved; only its fragment is drawn again.
        """
        await self.send(self.message(moved))
        return await self.answer(timeout=timeout)

    def message(self, moved: str = "") -> BackMsg:
        """What the browser would send now, after the widget with the id ``moved`` has changed."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.fragment_id = self.fragments.get(moved, "")
        if self._page_hash:
            state.page_script_hash = self._page_hash
        else:
            state.page_name = self.path.strip("/")
        state.widget_states.widgets.extend(self.states.values())
        state.context_info.url = f"http://{self.host}{self.path}"
        state.context_info.timezone = "Asia/Shanghai"
        state.context_info.locale = "zh-CN"
        state.context_info.color_scheme = "light"
        return message

    async def send(self, message: BackMsg) -> None:
        """Send any message."""
        await self.raw(message.SerializeToString())

    async def raw(self, data: bytes) -> None:
        """Send any bytes."""
        if self._socket is None:
            raise NoReaderError("not connected")
        await self._socket.send(data)

    async def answer(self, *, since: float | None = None, timeout: float = 60.0) -> Run:
        """Everything up to the end of the next run of the script.

        ``since``: the moment (``time.perf_counter()``) that its times count from.
        """
        if self._socket is None:
            raise NoReaderError("not connected")
        start = time.perf_counter() if since is None else since
        run = Run()
        async with asyncio.timeout(timeout):
            while True:
                data = await self._socket.recv(decode=False)
                run.bytes += len(data)
                run.messages += 1
                message = ForwardMsg()
                message.ParseFromString(data)
                kind = message.WhichOneof("type")
                if kind == "delta":
                    self._element(message, run, time.perf_counter() - start)
                elif kind == "new_session":
                    self.session = message.new_session.initialize.session_id
                elif kind == "navigation":
                    self._page_hash = message.navigation.page_script_hash
                elif kind == "page_info_changed":
                    self.query = message.page_info_changed.query_string
                elif kind == "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    run.finished = time.perf_counter() - start
                    return run

    def _element(self, message: ForwardMsg, run: Run, at: float) -> None:
        if message.delta.WhichOneof("type") == "add_block":
            name = message.delta.add_block.WhichOneof("type") or "block"
            block = getattr(message.delta.add_block, name, None)
            widget_id = getattr(block, "id", "") if name == "expandable" else ""
            if widget_id:
                self.widgets[widget_id] = block
                self.fragments[widget_id] = message.delta.fragment_id
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind is None:
            return
        content = getattr(element, kind)
        run.elements.append((kind, content))
        if kind in PICTURES:
            run.pictures = at
        widget_id = getattr(content, "id", "")
        if isinstance(widget_id, str) and widget_id.startswith("$$ID-"):
            self.widgets[widget_id] = content
            self.fragments[widget_id] = message.delta.fragment_id
