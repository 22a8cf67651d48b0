"""Cards, pictures and embeds on the wire (``/card``, ``/embed``, ``/oembed``).

Every address is made canonical first, so that one result has one address; what was drawn is kept in
files, and one drawing at a time is made for a state. The drawing itself is done in the process
beside the server where that runs, and else in one thread.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from view.check import card as check_card
from view.claims import card as claims_card
from view.light import drawing, embeds, figure, kernels
from view.light.card import PAGE, Card, address_of
from view.light.html import drawn
from view.light.png import png
from view.money import card as money_card
from view.pages import PAGES, ROOT
from view.pictures import field
from view.queueing.copies import CARD, FORKS
from view.queueing.desk import Desk, NoAnswerError
from view.queueing.heavy import heavy, turn
from view.queueing.senders import Sender, sender
from view.queueing.worker import WORKER
from view.serving.moves import in_thread
from view.settings.state import LANGUAGE, Problem, Settings, address
from view.settings.values import label
from view.words.format import count
from view.words.plain import quoted
from view.words.words import LANGS, Words, choose, words


class Wing(Protocol):
    """What makes the cards of a page."""

    def settings_of(self, query: Mapping[str, str]) -> Settings:
        """What an address says."""

    def query_of(self, settings: Settings) -> Mapping[str, str]:
        """The one address of it."""

    def card(self, settings: Settings, w: Words) -> Card:
        """The card of it."""


WINGS: Final[Mapping[str, Wing]] = {
    "check": check_card,
    "money": money_card,
    "claims": claims_card,
}
PATHS: Final = {entry.id: entry.path for entry in PAGES}
TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "embed": "text/html; charset=utf-8",
    "figure": "text/html; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
#: Where everybody reaches this server: what absolute addresses begin with, never a header's word.
BASE: Final = os.environ.get("WHO_PAYS_ADDRESS", "").rstrip("/")
#: Bytes of all drawings kept, the oldest out.
MOST_KEPT: Final = 200 * 2**20
#: Longer queries are nobody's.
MOST_QUERY: Final = 8000
#: How a browser and a proxy may keep them: they are asked for again, and rarely sent again.
_CACHE: Final = "public, max-age=300"


# -- what an address means ----------------------------------------------------------------------


class Asked(NamedTuple):
    """A card asked for: the page, what the address says of it, and what of it cannot be used."""

    page: str
    lang: str
    settings: Settings
    size: str
    problems: tuple[Problem, ...]

    @property
    def words(self) -> Words:
        """In whose language."""
        return words(self.lang)


def asked_of(query: Mapping[str, str], *, lang: str = "") -> Asked:
    """Read an address. ``lang``: for who names none."""
    named = query.get(LANGUAGE, "") or lang
    page, size = query.get(PAGE, "check"), query.get("size", "wide")
    wanted = {k: v for k, v in query.items() if k not in {PAGE, "size"}}
    problems: list[Problem] = []
    for key, text, allowed in ((PAGE, page, [*WINGS]), ("size", size, [*drawing.SIZES])):
        if text not in allowed:
            values = {"key": key, "value": quoted(text), "allowed": ", ".join(allowed)}
            problems.append(Problem("url.choice", values))
    page = page if page in WINGS else "check"
    settings = WINGS[page].settings_of(wanted)
    found = (*problems, *settings.problems)
    return Asked(
        page,
        named if named in LANGS else LANGS[0],
        settings,
        size if size in drawing.SIZES else "wide",
        found,
    )


def card_of(asked: Asked) -> Card:
    """The card; of an address that cannot be read one that says so, and nothing else."""
    w = asked.words
    if not asked.problems:
        return WINGS[asked.page].card(asked.settings, w)
    said = []
    for problem in asked.problems[:3]:
        values = dict(problem.values)
        if "param" in values:
            values["param"] = label(asked.settings.preset, values["param"], w)
        if "days" in values:
            values["days"] = count(int(values["days"]), w.lang)
        said.append(w(problem.key, **values))
    return Card(
        page=asked.page,
        lang=w.lang,
        finding=w("card.unread", what=said[0]),
        rest=" ".join(said[1:]),
        assumption="",
        numbers=(),
        picture=None,
        split=(),
        sources=(),
        about=w("source.preset", name="400"),
        changed="",
        query={},
        named=w(f"page.{asked.page}.title"),
    )


def canonical(asked: Asked, fmt: str) -> str:
    """The one query of this card in this form."""
    size = {"size": asked.size} if fmt == "png" and asked.size != "wide" else {}
    query = WINGS[asked.page].query_of(asked.settings)
    return address_of(asked.page, asked.lang, {**query, **size})


# -- in every form ------------------------------------------------------------------------------


def made(fmt: str, query: Mapping[str, str]) -> bytes:
    """A card in one form, as bytes."""
    asked = asked_of(query)
    if fmt == "figure" and asked.page == "check" and not asked.problems:
        # The rules of an offer are those of its run.
        chosen, changes = asked.settings.preset, asked.settings.changes
        keep = {PAGE: "money", LANGUAGE: asked.lang}
        asked = asked_of(address(chosen, changes, page={}, defaults={}, keep=keep))
    card = card_of(asked)
    good = not asked.problems
    here = card.address() if good else ""
    path = PATHS[asked.page]
    if fmt in {"svg", "png"}:
        size = drawing.SIZES[asked.size]
        link = f"{BASE}{path}?{here}" if BASE else ""
        picture = drawing.drawn(card, size, link=link)
        return png(picture) if fmt == "png" else picture.encode()
    if fmt == "csv":
        return _csv(card)
    if fmt == "json":
        return json.dumps(_told(card), ensure_ascii=False, indent=1).encode()
    there = f"{BASE}{path}" if BASE else f".{path}"
    own = _without_page(here)
    embedded, alone = fmt == "embed", fmt == "figure"
    shown = card.figure() if embedded or alone else None
    return drawn(
        "light/card.html",
        card=card,
        w=asked.words,
        base=BASE if good else "",
        address=here,
        alt=drawing.told(card),
        style=embeds.STYLE,
        script=embeds.SCRIPT if embedded else "",
        dots=field.svg(card.picture, dark=False) if card.picture is not None else "",
        there=f"{there}?{own}" if own else there,
        good=good,
        embedded=embedded,
        figure=shown,
        file=good and _has_figure(asked),
        figure_script=figure.SCRIPT,
        alone=alone,
        width=figure.WIDTH,
        height=figure.HEIGHT,
        below=figure.BELOW,
        first=asked.words("figure.first"),
        last=asked.words("figure.last"),
        snippet=embeds.snippet(BASE, here, card) if good and not embedded else "",
    ).encode()


def _has_figure(asked: Asked) -> bool:
    """Whether there is a file to take along; of an offer with open numbers there is none."""
    settings = asked.settings
    if asked.page == "claims" or settings.page.get("unsure"):
        return False
    return kernels.settings_for(settings.scheme()) is not None


def _without_page(address: str) -> str:
    pairs = [(k, v) for k, v in parse_qsl(address, keep_blank_values=True) if k != PAGE]
    return urlencode(pairs, safe="@:,[]")


def _told(card: Card) -> dict[str, Any]:
    """A card as data."""
    shown = card.picture
    return {
        "finding": card.finding,
        "rest": card.rest,
        "assumption": card.assumption,
        "numbers": [{"figure": figure, "text": text} for figure, text in card.numbers],
        "buyers": None
        if shown is None
        else {
            "whole": shown.counts[0],
            "part": shown.counts[1],
            "nothing": shown.counts[2],
            "sentence": shown.sentence,
            "buyers_a_dot": shown.per,
            "dots": [[round(part, 6) for part in dot] for dot in shown.dots.tolist()],
        },
        "order": [{"part": role, "share": share} for role, _, _, share in card.split],
        "sources": list(card.sources),
        "about": card.about,
        "changed": card.changed,
        "mark": card.mark,
        "language": card.lang,
        "page": card.page,
        "settings": dict(card.query),
        "address": f"{BASE}{PATHS[card.page]}?{_without_page(card.address())}",
    }


def _csv(card: Card) -> bytes:
    """A card as a table: what it says, then the dots."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows(
        [
            ("finding", card.finding),
            ("rest", card.rest),
            ("assumption", card.assumption),
            *(("number", figure, text) for figure, text in card.numbers),
            *(("part of an order", name, amount, share) for _, name, amount, share in card.split),
            *(("source", text) for text in card.sources),
            ("about", card.about, card.changed, card.mark),
        ]
    )
    if card.picture is not None:
        whole, part, none = card.picture.counts
        writer.writerow(("buyers", "whole", whole, "part", part, "nothing", none))
        writer.writerow(("dot", "buyers", "share with all", "share with anything"))
        for number, (all_, some) in enumerate(card.picture.dots.tolist(), 1):
            writer.writerow((number, card.picture.per, round(all_, 6), round(some, 6)))
    return file.getvalue().encode("utf-8-sig")


# -- in the head of a page ----------------------------------------------------------------------


def preview(page: str, lang: str, query: Mapping[str, str]) -> Card | None:
    """The card of the very state that a page's address says; None where there is none to tell.

    Of a run that takes long none: the page is not to wait for its preview.
    """
    if page not in WINGS:
        return None
    asked = asked_of({k: v for k, v in query.items() if k != "size"} | {PAGE: page, LANGUAGE: lang})
    bare = not asked.settings.changes and set(query) <= {LANGUAGE}
    if bare or (page != "check" and heavy(asked.settings.scheme())):
        return None
    return WINGS[page].card(asked.settings, asked.words)


def tags(card: Card) -> str:
    """Its picture in the head of a page; only where this server knows its own address."""
    address = card.address()
    if not BASE:
        return '<meta name="twitter:card" content="summary_large_image">'
    url = escape(f"{BASE}/card.png?{address}")
    there = escape(f"{BASE}/oembed?{urlencode({'url': f'{BASE}/card?{address}'})}")
    alt = escape(drawing.told(card))
    return "\n".join(
        (
            f'<meta property="og:image" content="{url}">',
            '<meta property="og:image:width" content="1200">',
            '<meta property="og:image:height" content="630">',
            f'<meta property="og:image:alt" content="{alt}">',
            '<meta name="twitter:card" content="summary_large_image">',
            f'<link rel="alternate" type="application/json+oembed" href="{there}">',
        )
    )


# -- kept in files ------------------------------------------------------------------------------


@cache
def version() -> str:
    """A name for everything that a card follows from: another one where any of it has changed."""
    found = hashlib.sha256(BASE.encode())
    for folder in ("model", "view", "presets"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".po", ".toml", ".html", ".css", ".js", ".otf"}:
                found.update(path.read_bytes())
    return found.hexdigest()[:16]


class Kept:
    """Drawings in files, which processes share: at most so many bytes, the oldest out."""

    def __init__(self, folder: Path, most: int = MOST_KEPT) -> None:
        self.folder, self.most = folder, most
        self._since = 0

    def get(self, name: str) -> bytes | None:
        """What is kept under a name."""
        path = self.folder / name
        try:
            body = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return body

    def keep(self, name: str, body: bytes) -> None:
        """Keep it, where there is room and a disk."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(body)
            Path(file.name).replace(self.folder / name)
            self._since += len(body)
            if self._since > self.most / 20:
                self._since = 0
                self.tidy()

    def tidy(self) -> None:
        """Away with the oldest, until the rest fits."""
        files = []
        for path in self.folder.iterdir():
            with suppress(OSError):
                told = path.stat()
                files.append((told.st_mtime, told.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self.most:
                break
            path.unlink(missing_ok=True)
            total -= size


@cache
def _own_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes with the process."""
    return tempfile.TemporaryDirectory(prefix="cards-of-who-pays-")


@cache
def kept() -> Kept:
    """Where this server keeps its drawings: a folder that is named, or one of its own."""
    return Kept(Path(os.environ.get("WHO_PAYS_CARDS") or _own_folder().name))


# -- drawn once, in turn ------------------------------------------------------------------------


class Job(NamedTuple):
    """One card to draw."""

    who: Sender
    fmt: str
    query: str


def _here(job: Job) -> bytes:
    with turn(job.who):
        return made(job.fmt, dict(parse_qsl(job.query, keep_blank_values=True)))


POOL: Final = ThreadPoolExecutor(1, thread_name_prefix="card")


async def _work(job: Job) -> bytes:
    if FORKS and WORKER.running:
        return await WORKER.answer(CARD, json.dumps([job.fmt, job.query]).encode())
    return await in_thread(POOL, _here, job)


DRAWINGS: Final = Desk[Job, bytes](
    _work, at_once=1, waiting=60, of_address=40, begin=6.0, patience=lambda: 12.0
)
_UNDER_WAY: dict[str, asyncio.Future[bytes]] = {}


async def _drawn_once(who: Sender, fmt: str, query: str, name: str) -> bytes:
    """The bytes, from the file or drawn: for one state once, however many ask."""
    body = kept().get(name)
    if body is not None:
        return body
    if name in _UNDER_WAY:
        return await asyncio.shield(_UNDER_WAY[name])
    under_way = _UNDER_WAY[name] = asyncio.get_running_loop().create_future()
    under_way.add_done_callback(lambda future: future.cancelled() or future.exception())
    try:
        # Every state is a sender of its own: one never takes the place of another.
        body = await DRAWINGS.ask(who._replace(page=name), Job(who, fmt, query))
    except BaseException as error:
        told = error if isinstance(error, Exception) else NoAnswerError()
        under_way.set_exception(told)
        raise
    else:
        under_way.set_result(body)
        kept().keep(name, body)
        return body
    finally:
        del _UNDER_WAY[name]


def headers(fmt: str) -> dict[str, str]:
    """On cards only: anybody may frame and show them, and they load nothing from anywhere."""
    policy = ["default-src 'none'", f"style-src {embeds.STYLE_HASH}", "img-src 'self' data:"]
    policy += ["base-uri 'none'", "form-action 'none'", "frame-ancestors *"]
    if fmt in {"embed", "figure"}:
        policy.append(f"script-src {embeds.SCRIPT_HASH}")
    return {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Content-Security-Policy": "; ".join(policy),
    }


async def _answer(request: Request, fmt: str) -> Response:
    if len(request.url.query) > MOST_QUERY:
        return Response(status_code=414, headers=headers(fmt))
    query = dict(request.query_params)
    asked = asked_of(query, lang=choose(None, request.headers.get("accept-language")))
    if asked.problems:
        body = await in_thread(POOL, made, fmt, {**query, LANGUAGE: asked.lang})
        return Response(body, 400, headers(fmt), TYPES[fmt])
    wanted = canonical(asked, fmt)
    given = {k: v for k, v in query.items() if k not in embeds.TAKEN}
    if urlencode(given, safe="@:,[]") != wanted:
        kept = {k: v for k, v in query.items() if k in embeds.TAKEN}
        more = f"&{urlencode(kept)}" if kept else ""
        # Who names no language may come again with another one.
        status = 308 if LANGUAGE in query else 307
        told = {**headers(fmt), "Vary": "Accept-Language"}
        path = request.url.path.rpartition("/")[2]
        return RedirectResponse(f"./{path}?{wanted}{more}", status, told)
    name = hashlib.sha256(f"{version()} {fmt} {wanted}".encode()).hexdigest()[:32]
    told = {**headers(fmt), "ETag": f'"{name}"', "Cache-Control": _CACHE}
    known = request.headers.get("if-none-match", "")
    if f'"{name}"' in known:
        return Response(status_code=304, headers=told)
    who = sender(request.client.host if request.client else None, None)
    try:
        body = await _drawn_once(who, fmt, wanted, f"{name}.{fmt}")
    except NoAnswerError:
        return Response(status_code=503, headers={**headers(fmt), "Retry-After": "5"})
    return Response(body, 200, told, TYPES[fmt])


def _route(path: str, fmt: str) -> Route:
    async def answer(request: Request) -> Response:
        return await _answer(request, fmt)

    return Route(path, answer, name=f"card-{fmt}")


async def _oembed(request: Request) -> Response:
    """OEmbed 1.0, as JSON."""
    told = request.query_params
    if told.get("format", "json") != "json":
        return Response(status_code=501, headers=headers("json"))
    parts = urlsplit(told.get("url", ""))
    base = urlsplit(BASE)
    path = parts.path.removeprefix(base.path)
    ours = BASE and (parts.scheme, parts.netloc) == (base.scheme, base.netloc)
    pages = {path_: page for page, path_ in PATHS.items()}
    query = dict(parse_qsl(parts.query[:MOST_QUERY], keep_blank_values=True))
    if path in pages and pages[path] in WINGS:
        query[PAGE] = pages[path]
    elif path not in {"/card", "/embed"}:
        ours = False
    if not ours:
        return Response(status_code=404, headers=headers("json"))
    asked = asked_of(query)
    if asked.problems:
        return Response(status_code=404, headers=headers("json"))
    width = embeds.within(told.get("maxwidth"), embeds.WIDTH)
    height = embeds.within(told.get("maxheight"), embeds.HEIGHT)
    wanted = canonical(asked, "html")
    body = {
        "version": "1.0",
        "type": "rich",
        "provider_name": asked.words("app.name_full"),
        "provider_url": BASE,
        "title": asked.words(f"page.{asked.page}.title"),
        "html": embeds.frame(BASE, wanted, asked.words(f"page.{asked.page}.title"), height),
        "width": width,
        "height": height,
        "thumbnail_url": f"{BASE}/card.png?{wanted}",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "cache_age": 300,
    }
    return Response(json.dumps(body, ensure_ascii=False), 200, headers("json"), TYPES["json"])


ROUTES: Final = [
    _route("/card", "html"),
    _route("/embed", "embed"),
    _route("/figure", "figure"),
    *(_route(f"/card.{fmt}", fmt) for fmt in ("svg", "png", "csv", "json")),
    Route("/oembed", _oembed, name="oembed"),
]
