"""Pages of ours without Streamlit, which nobody else frames: headers, and how they go out."""

from __future__ import annotations

import asyncio
import gzip
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

HTML: Final = "text/html; charset=utf-8"
#: Seconds in which a message has to arrive.
MOST_SENDING: Final = 10.0


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


async def sent(request: Request, most: int) -> bytes | None:
    """What was sent, at most ``most`` bytes; None where it is more.

    Raises TimeoutError where it does not come within :data:`MOST_SENDING` seconds, ClientDisconnect
    where who sends it is gone.
    """
    message = bytearray()
    async with asyncio.timeout(MOST_SENDING):
        async for chunk in request.stream():
            message += chunk
            if len(message) > most:
                return None
    return bytes(message)


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
