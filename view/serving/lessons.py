"""Lessons on the wire (``/lesson``): one address for one screen, and nothing kept of anybody."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from view.serving.cards import MOST_QUERY
from view.serving.moves import in_thread
from view.serving.plain import headers, packed
from view.teach import lessons
from view.teach.lessons import LANG, Asked
from view.words.words import choose

#: Of its own: a lesson waits for no picture that is being drawn.
_POOL: Final = ThreadPoolExecutor(1, thread_name_prefix="lesson")
HEADERS: Final = headers(
    style_src=lessons.STYLE_HASH,
    script_src=lessons.SCRIPT_HASH,
    img_src="'self'",
    form_action="'self'",
)


@lru_cache(maxsize=500)
def made(asked: Asked) -> bytes:
    """The page of a screen, compressed."""
    return gzip.compress(lessons.page(asked).encode(), 6, mtime=0)


async def _answer(request: Request) -> Response:
    if len(request.url.query) > MOST_QUERY:
        return Response(status_code=414, headers=HEADERS)
    query = dict(request.query_params)
    lang = choose(None, request.headers.get("accept-language"))
    # The first of a lesson works out its runs.
    asked = await in_thread(_POOL, _asked, query, lang)
    wanted = asked.query()
    if not asked.problem and urlencode(query) != wanted:
        # Who names no language may come again with another one.
        status = 308 if LANG in query else 307
        told = {**HEADERS, "Vary": "Accept-Language"}
        return RedirectResponse(f".{lessons.PATH}?{wanted}", status, told)
    body = await in_thread(_POOL, made, asked)
    status = 400 if asked.problem else 200
    return packed(request, body, HEADERS, lang=asked.lang, status=status)


def _asked(query: dict[str, str], lang: str) -> Asked:
    return lessons.asked_of(query, lang=lang)


ROUTES: Final = [Route(lessons.PATH, _answer, name="lesson")]
