"""The teacher's kit on the wire (``/kit``): an index, and each part to be printed."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from view.kit import html
from view.kit.kit import KITS, PARTS, PATH
from view.serving.cards import MOST_QUERY
from view.serving.moves import in_thread
from view.serving.plain import headers, packed
from view.words.plain import quoted
from view.words.words import LANGS, choose, words

#: Of its own: who prints waits for no picture that is being drawn.
_POOL: Final = ThreadPoolExecutor(1, thread_name_prefix="kit")
HEADERS: Final = headers(style_src=html.STYLE_HASHES, form_action="'none'")


class Asked(NamedTuple):
    """What an address says: no lesson is the index. problem: one sentence."""

    lang: str
    lesson: str = ""
    part: str = ""
    problem: str = ""


def asked_of(query: dict[str, str], accept: str | None) -> Asked:
    """Read an address. What there is not is said above the index; never raises."""
    lang = choose(query.get("lang"), accept)
    for key, known in (("lang", LANGS), ("n", KITS), ("part", PARTS)):
        if key in query and query[key] not in known:
            return Asked(lang, problem=words(lang)("kit.unknown", value=quoted(query[key])))
    if not {"n", "part"} & query.keys():
        return Asked(lang)
    return Asked(lang, query.get("n", KITS[0]), query.get("part", PARTS[0]))


async def _answer(request: Request) -> Response:
    if len(request.url.query) > MOST_QUERY:
        return Response(status_code=414, headers=HEADERS)
    asked = asked_of(dict(request.query_params), request.headers.get("accept-language"))
    # What somebody typed is not kept; all that there is, is.
    make = _told if asked.problem else html.served
    body = await in_thread(_POOL, make, *asked)
    status, vary = 404 if asked.problem else 200, "Accept-Language, Accept-Encoding"
    return packed(request, body, HEADERS, lang=asked.lang, status=status, vary=vary)


def _told(lang: str, _lesson: str, _part: str, problem: str) -> bytes:
    return gzip.compress(html.index(lang, problem=problem).encode(), 6, mtime=0)


ROUTES: Final = [Route(PATH, _answer, name="kit")]
