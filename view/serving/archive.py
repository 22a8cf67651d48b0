"""Frozen results on the wire (``/archive/<date>/<hash>/``), with what the same settings give today.

What was frozen is served as it is; into its page one line is put at its head.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from view.pages import ROOT
from view.serving import cards
from view.serving.moves import in_thread
from view.words.words import words

FOLDER: Final = ROOT / "archive"
_ENTRY: Final = re.compile(r"\d{4}-\d{2}-\d{2}/[0-9a-f]{12}")
_TYPES: Final = {
    "index.html": "text/html; charset=utf-8",
    "figure.html": "text/html; charset=utf-8",
    "card.png": "image/png",
    "card.svg": "image/svg+xml",
    "card.csv": "text/csv; charset=utf-8",
    "card.json": "application/json",
    "manifest.json": "application/json",
}
#: What was frozen never changes.
_FOREVER: Final = "public, immutable, max-age=31536000"


def today(entry: Path) -> str:
    """The line at the head of an entry's page, as HTML: what its settings give today."""
    manifest = json.loads((entry / "manifest.json").read_text("utf-8"))
    asked = cards.asked_of(manifest["settings"])
    card, w = cards.card_of(asked), words(asked.lang)
    same = card.finding == manifest["finding"]
    said = w("archive.same") if same else w("archive.other", finding=card.finding)
    link = "" if asked.problems else f' <a href="../../../card?{escape(card.address())}">'
    link += f"{escape(w('archive.open'))}</a>" if link else ""
    head = escape(w("archive.frozen", date=manifest["date"]))
    return f'<p class="assume" id="today">{head} {escape(said)}{link}</p>'


def page(entry: Path) -> bytes:
    """An entry's page with that line."""
    frozen = (entry / "index.html").read_text("utf-8")
    # Its own files lie beside it.
    frozen = re.sub(r'\./(card\.\w+)\?[^"]*"', r'./\1"', frozen)
    frozen = re.sub(r'\./figure\?[^"]*"', './figure.html"', frozen)
    return frozen.replace('<p class="name">', f'{today(entry)}<p class="name">', 1).encode()


async def _answer(request: Request) -> Response:
    date, name, file = (request.path_params[key] for key in ("date", "name", "file"))
    entry = FOLDER / date / name
    file = file or "index.html"
    if not _ENTRY.fullmatch(f"{date}/{name}") or file not in _TYPES or not entry.is_dir():
        return Response(status_code=404, headers=cards.headers("html"))
    path = entry / file
    if not path.is_file():
        return Response(status_code=404, headers=cards.headers("html"))
    if file == "index.html":
        body = await in_thread(cards.POOL, page, entry)
        told = {**cards.headers("html"), "Cache-Control": "no-cache"}
    else:
        body = await in_thread(cards.POOL, path.read_bytes)
        told = {**cards.headers("figure"), "Cache-Control": _FOREVER}
    # The frozen page has the style of its day: its policy is that of what stands in it.
    if file.endswith(".html"):
        told["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
            "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors *; sandbox "
            "allow-scripts allow-popups allow-downloads allow-top-navigation-by-user-activation"
        )
    return Response(body, 200, told, _TYPES[file])


ROUTES: Final = [Route("/archive/{date}/{name}/{file:path}", _answer, name="archive")]
