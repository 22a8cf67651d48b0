"""Pages of ours without Streamlit, which nobody else frames: headers, and how they go out."""

from __future__ import annotations

import gzip
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

HTML: Final = "text/html; charset=utf-8"


def headers(**policy: str) -> dict[str, str]:
    """What such a page says of itself. It may load only what ``policy`` names, as ``style_src``."""
    allowed = {"default_src": "'none'", "base_uri": "'none'", "frame_ancestors": "'self'", **policy}
    return {
        "Content-Security-Policy": "; ".join(
            f"{name.replace('_', '-')} {value}" for name, value in allowed.items()
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def packed(
    request: Request,
    body: bytes,
    told: dict[str, str],
    *,
    lang: str,
    status: int = 200,
    vary: str = "Accept-Encoding",
) -> Response:
    """A page that is kept compressed, as this browser takes it."""
    told = {
        **told,
        "Cache-Control": "public, max-age=300",
        "Content-Language": lang,
        "Vary": vary,
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        told["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, status, told, HTML)
