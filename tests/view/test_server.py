"""What the server lets through and how it marks its cookies, without a server."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.apart import apart
from view.pages import ROOT
from view.serving.server import MIDDLEWARE

COOKIES = [
    (b"set-cookie", b"_streamlit_xsrf=2|a|b|1; Path=/; SameSite=Lax"),
    (b"Set-Cookie", b"other=1; Secure"),
]


def asked(
    path: str, *, scheme: str = "http", kind: str = "http", method: str = "GET", root: str = ""
) -> dict[str, Any]:
    """The first message of the answer to a request; what is behind us answers everything."""

    async def streamlit(_scope: Any, _receive: Any, send: Any) -> None:
        if kind == "websocket":
            await send({"type": "websocket.accept", "headers": list(COOKIES)})
            return
        await send({"type": "http.response.start", "status": 200, "headers": list(COOKIES)})
        await send({"type": "http.response.body", "body": b"{}"})

    app: Any = streamlit
    for layer in reversed(MIDDLEWARE):
        app = layer.cls(app, *layer.args, **layer.kwargs)
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    scope = {
        "type": kind,
        "scheme": scheme,
        "method": method,
        "path": f"{root}{path}",
        "root_path": root,
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    apart(app(scope, receive, send))
    return sent[0]


@pytest.mark.parametrize("root", ["", "/dashboard"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/metrics/",
        "/_stcore/script-health-check",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/bidi-components/x",
        "/_stcore/healthy",
        "/_stcore/health/metrics",
        "/_stcore",
        "/component/x/index.html",
    ],
)
def test_what_no_page_asks_for_is_not_there(path, method, root):
    answer = asked(path, method=method, root=root)
    assert answer["status"] == 404
    # Ours, with the headers of every answer.
    names = {name.lower() for name, _ in answer["headers"]}
    assert b"x-content-type-options" in names
    assert b"set-cookie" not in names


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/upload_file/a-b/c-d",
        "/media/x.csv",
        "/money",
        "/components",
    ],
)
def test_what_pages_ask_for_goes_through(path):
    assert asked(path)["status"] == 200


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_over_tls_cookies_are_only_for_tls(kind):
    plain, tls = (("http", "https"), ("ws", "wss"))[kind == "websocket"]
    path = "/_stcore/stream" if kind == "websocket" else "/_stcore/health"

    def cookies(scheme: str) -> list[bytes]:
        headers = asked(path, scheme=scheme, kind=kind)["headers"]
        return [value for name, value in headers if name.lower() == b"set-cookie"]

    assert cookies(plain) == [value for _, value in COOKIES]
    first, second = cookies(tls)
    assert first == COOKIES[0][1] + b"; Secure"
    assert second == COOKIES[1][1]


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux can")
def test_memory_that_nobody_uses_goes_back_to_the_system():
    asked = """
import os
import numpy as np
from benchmarks.servers import _memory
from view.serving.server import give_back

# One in fifty stays, so that the rest lies between them.
kept = [np.ones(200) for _ in range(40_000)][::50]
before = _memory(os.getpid())
give_back()
print(before - _memory(os.getpid()))
"""
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert float(told.stdout) > 20
