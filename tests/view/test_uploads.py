"""What visitors send is bounded: of one visit, of all, and on its way; and is forgotten with it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from tests.apart import apart
from view.serving import uploads
from view.serving.uploads import MOST_BYTES, MOST_FILES, PATH, Uploads


class Server:
    """Streamlit's own route for uploads, behind ours."""

    def __init__(self, **bounds: float) -> None:
        self.files = MemoryUploadedFileManager(PATH.rstrip("/"))
        runtime = SimpleNamespace(is_active_session=lambda session: session.startswith("visit"))
        routes = create_upload_routes(runtime, self.files, None)
        self.app = Starlette(routes=routes, middleware=[Middleware(Uploads, **bounds)])

    async def put(
        self, visit: str, name: str, content: bytes, *, said: int | None = None, ends: bool = True
    ) -> int:
        """The status that an upload is answered with; ``said``: how long it says that it is."""
        head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.toml"\r\n\r\n'
        parts = [head, content, *([b"\r\n--x--\r\n"] if ends else [])]
        length = sum(map(len, parts)) if said is None else said
        headers = [
            (b"content-type", b"multipart/form-data; boundary=x"),
            (b"content-length", str(length).encode()),
            (b"cookie", b"_streamlit_xsrf=t"),
            (b"x-xsrftoken", b"t"),
        ]
        scope = {
            "type": "http",
            "method": "PUT",
            "path": f"{PATH}{visit}/{name}",
            "query_string": b"",
            "headers": headers,
        }
        status = 0

        async def receive() -> dict[str, object]:
            if not parts:
                await asyncio.Event().wait()
            body = parts.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(parts) or not ends}

        async def send(message: dict[str, object]) -> None:
            nonlocal status
            status = message.get("status", status)

        await self.app(scope, receive, send)
        return status


@pytest.fixture(autouse=True)
def bounded(monkeypatch):
    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", uploads._add)
    monkeypatch.setattr(
        "streamlit.web.server.starlette.starlette_routes.is_xsrf_enabled", lambda: False
    )


def test_the_newest_few_of_a_visit_are_kept_and_forgotten_with_it():
    async def case() -> None:
        server = Server()
        for number in range(20):
            assert await server.put("visit1", str(number), b"x" * 1000) == 204
        assert await server.put("visit1", "19", b"again") == 204
        assert await server.put("visit2", "0", b"x") == 204
        assert list(server.files.file_storage["visit1"]) == ["16", "17", "18", "19"]
        assert len(server.files.file_storage["visit1"]) == MOST_FILES
        assert server.files.file_storage["visit1"]["19"].data == b"again"
        assert await server.put("nobody", "0", b"x") == 400
        server.files.remove_session_files("visit1")
        assert server.files._total_bytes == 1
        assert list(server.files.file_storage) == ["visit2"]

    apart(case())


@pytest.mark.parametrize("said", [None, 0, 100])
def test_a_large_file_is_not_taken_whatever_it_says_of_itself(said):
    async def case() -> None:
        server = Server()
        assert await server.put("visit", "0", b"x" * MOST_BYTES, said=said) == 413
        assert not server.files.file_storage

    apart(case())


def test_all_visits_together_are_bounded(monkeypatch):
    async def case() -> None:
        server = Server()
        monkeypatch.setattr(uploads, "MOST_OF_ALL", 10_000)
        status = [await server.put(f"visit{n}", "0", b"x" * 1000) for n in range(12)]
        assert status == [204] * 9 + [503] * 3
        monkeypatch.setattr(uploads, "MOST_FILES_OF_ALL", 9)
        server.files.remove_session_files("visit0")
        assert [await server.put(f"visit{n}", "0", b"") for n in (20, 21)] == [204, 503]

    apart(case())


def test_those_on_their_way_are_bounded_and_half_sent_ones_given_up():
    async def case() -> None:
        server = Server(at_once=2, longest=0.05)
        half = [asyncio.ensure_future(server.put("visit", str(n), b"x", ends=False)) for n in "ab"]
        await asyncio.sleep(0)
        assert await server.put("visit", "c", b"x") == 503
        assert await asyncio.gather(*half) == [408, 408]
        assert await server.put("visit", "c", b"x") == 204

    apart(case())
