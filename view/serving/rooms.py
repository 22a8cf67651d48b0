"""Class rooms on the wire (``/room``): joining, acting, looking on. No Streamlit here.

GET makes nothing; every act is a POST that names itself, and is checked for who may do it. News go
out as server-sent events; who cannot hear them asks every two seconds. ``view.serving.rooms:app``
is the same by itself, for a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from model.library import presets
from model.preset import SchemeError
from model.room import RoomError, Table
from view.light.html import drawn, source_hash
from view.queueing.senders import network
from view.room import acts, naming
from view.room.acts import RefusedError
from view.room.fold import ROUNDS, Room, Seat
from view.room.host import Rooms, UnknownError, default_path
from view.room.log import Event, FullError
from view.room.shown import TALK, Screen, qr, shown
from view.sentences.advert import days as usual_days
from view.serving.plain import HTML, headers, sent
from view.settings import state
from view.words.words import LANGS, NAMES, Words, choose, words

_HERE: Final = Path(__file__).resolve().parent.parent / "room"
STYLE: Final = (_HERE / "room.css").read_text("utf-8")
SCRIPT: Final = (_HERE / "room.js").read_text("utf-8")
ROOMS: Final = Rooms(default_path())
#: Where everybody reaches this server; else what this one browser has asked.
BASE: Final = os.environ.get("WHO_PAYS_ADDRESS", "").rstrip("/")
HEADERS: Final = {
    **headers(
        style_src=f"'{source_hash(STYLE)}'",
        script_src=f"'{source_hash(SCRIPT)}'",
        img_src="'self' data:",
        connect_src="'self'",
        form_action="'self'",
        frame_ancestors="'none'",
    ),
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}
#: Seconds of a cookie: as long as a room is kept.
_DAY: Final = 24 * 3600
#: Bytes of a form, and of an address: longer ones are nobody's.
MOST_FORM: Final = 8000
#: Seconds between two signs of life to a screen.
BEAT: Final = 10.0
#: Seconds that a screen of many waits after a change, so that a class that decides at once is drawn
#: a few times and not forty.
GATHER: Final = 0.1
CROWD: Final = (0, 50)
DAYS: Final = (1, 400)


#: Addresses that only this computer can open.
_LOCAL: Final = re.compile(r"https?://(localhost|127\.[\d.]+|\[::1\])(:\d+)?.*")


class Throttle:
    """At most so many of a kind from one network in so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._had: dict[str, tuple[float, int]] = {}

    def full(self, who: str) -> bool:
        """Whether it has had all it may."""
        since, number = self._had.get(who, (0.0, 0))
        return time.monotonic() - since < self.seconds and number >= self.most

    def count(self, who: str) -> None:
        """One more."""
        now = time.monotonic()
        since, number = self._had.get(who, (now, 0))
        if now - since >= self.seconds:
            since, number = now, 0
        if len(self._had) > 5000 and who not in self._had:
            self._had.clear()
        self._had[who] = since, number + 1


#: A whole school may stand behind one address.
WRONG_CODES: Final = Throttle(120, 60)
WRONG_NUMBERS: Final = Throttle(20, 60)
NEW_ROOMS: Final = Throttle(60, 3600)


def _not_too_often(throttle: Throttle, who: str) -> None:
    """Raises RefusedError for who has had all they may."""
    if throttle.full(who):
        raise RefusedError("room.refused.often", 429)


# -- small things ----------------------------------------------------------------------------------


def _lang(request: Request) -> str:
    return choose(request.query_params.get("lang"), request.headers.get("accept-language"))


def _who(request: Request) -> str:
    return network(request.client.host if request.client else "")


def _up(request: Request) -> str:
    """What our paths begin with, wherever the app is mounted."""
    return quote(str(request.scope.get("root_path", "")))


def _origin(request: Request) -> str:
    """Where phones reach this server. The Host header is only ever said back to who has sent it."""
    if BASE:
        return BASE
    host = request.headers.get("host", "")
    good = re.fullmatch(r"[\w.\-\[\]:]+", host, re.ASCII)
    return f"{request.url.scheme}://{host}{_up(request)}" if good else _up(request)


def _page(
    request: Request,
    role: str,
    body: str,
    w: Words,
    *,
    title: str = "",
    news: str = "",
    status: int = 200,
    problem: str = "",
) -> Response:
    query = [(k, v) for k, v in parse_qsl(request.url.query)[:40] if k != "lang"]
    langs = [(one, NAMES[one], f"?{urlencode([*query, ('lang', one)])}") for one in LANGS]
    text = drawn(
        "room/page.html",
        w=w,
        role=role,
        title=title or w("room.title"),
        body=body,
        news=news,
        refresh=bool(news),
        langs=langs,
        style=STYLE,
        script=SCRIPT,
        problem=problem,
    )
    return Response(text, status, HEADERS, HTML)


def _said(request: Request, key: str, status: int, **values: object) -> Response:
    """One sentence: by itself for a script, on a page for everybody else."""
    w = words(_lang(request))
    said = w(key, **values)
    if request.headers.get("x-room"):
        return Response(said, status, HEADERS, "text/plain; charset=utf-8")
    body = drawn("room/closed.html", w=w, said=said, up=_up(request))
    return _page(request, "phone", body, w, status=status)


def _there(request: Request) -> str:
    lang = request.query_params.get("lang")
    query = f"?{urlencode({'lang': lang})}" if lang in LANGS else ""
    return f"{_up(request)}{request.url.path.removeprefix(_up(request))}{query}"


async def _form(request: Request) -> dict[str, str]:
    """A form of ours; raises RefusedError for what is none. A hundred fields at most."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    length = request.headers.get("content-length", "0")
    if kind != "application/x-www-form-urlencoded" or not length.isdigit():
        raise RefusedError("room.refused.form", 400)
    try:
        body = await sent(request, MOST_FORM)
    except (TimeoutError, ClientDisconnect) as error:
        raise RefusedError("room.refused.form", 408) from error
    if body is None:
        raise RefusedError("room.refused.form", 413)
    try:
        found = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise RefusedError("room.refused.form", 400) from error
    return dict(found)


def _ours(request: Request) -> None:
    """Refuse what another site's page has sent."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise RefusedError("room.refused.form", 403)


def _cookie(request: Request, response: Response, name: str, value: str, code: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_DAY,
        path=f"{_up(request)}/room/{code}",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _seat(request: Request, room: Room) -> Seat | None:
    token = request.cookies.get("who_pays_seat", "")
    return room.seat_of(naming.digest(token)) if naming.is_key(token) else None


def _leads(request: Request, room: Room) -> bool:
    told = request.headers.get("authorization", "").removeprefix("Bearer ")
    keys = (told, request.cookies.get("who_pays_lead", ""))
    return any(naming.is_key(key) and naming.opens(key, room.made.lead) for key in keys)


async def _room(request: Request, *, fresh: bool = True) -> Room:
    """The room of an address. Raises UnknownError, and RefusedError for who has tried too often.

    Not ``fresh``: as this process has it, where what follows looks at the newest anyway.
    """
    code = naming.code_of(request.path_params["code"])
    known = None if fresh else ROOMS.folded(code or "")
    if known is not None:
        return known
    who = _who(request)
    _not_too_often(WRONG_CODES, who)
    try:
        return await ROOMS.run(ROOMS.read, code or "")
    except UnknownError:
        WRONG_CODES.count(who)
        raise


# -- what is shown ---------------------------------------------------------------------------------


def _body(request: Request, room: Room, role: str, lang: str, seat: Seat | None) -> str:
    """What a screen shows now."""
    with ROOMS.reading():
        screen = Screen(room, words(lang), ROOMS.clock())
        return _drawn(role, screen, seat, _up(request), _origin(request))


def _drawn(role: str, screen: Screen, seat: Seat | None, up: str, origin: str) -> str:
    if role == "phone":
        if seat is None:
            return drawn("room/join.html", w=screen.w, room=screen.room, key=naming.new_key())
        return _phone_drawn(screen, seat, up)
    return shown(
        role,
        screen,
        seat=seat,
        up=up,
        talk=TALK,
        shown_address=f"{origin.partition('://')[2] or origin}/room",
        qr=_qr(f"{origin}/room/{screen.room.code}"),
        local=_LOCAL.fullmatch(origin) is not None,
    )


def _phone_drawn(screen: Screen, seat: Seat, up: str) -> str:
    """A phone's screen; the same for its answer and for the news of it a moment later."""
    room = screen.room
    place = room.code, seat.number, screen.w.lang, up
    now, state_ = time.monotonic(), (room.shared, room.own.get(seat.number, 0))
    was = _LATELY.get(place)
    if was is not None and was[0] == state_ and now - was[1] < _SAME:
        return was[2]
    text = shown("phone", screen, seat=seat, up=up, talk=TALK)
    if len(_LATELY) > 4000:
        _LATELY.clear()
    _LATELY[place] = state_, now, text
    return text


#: Seconds for which the time left counts as the same.
_SAME: Final = 0.4
_LATELY: dict[tuple[str, int, str, str], tuple[tuple[int, int], float, str]] = {}


@cache
def _qr(address: str) -> str:
    return qr(address)


def _news(request: Request, room: Room, role: str, lang: str) -> str:
    query = urlencode({"role": role, "lang": lang})
    return f"{_up(request)}/room/{room.code}/news?{query}"


def _shown(
    request: Request, room: Room, role: str, *, status: int = 200, problem: str = ""
) -> Response:
    lang = _lang(request)
    w = words(lang)
    seat = _seat(request, room) if role == "phone" else None
    body = _body(request, room, role, lang, seat)
    joined = role != "phone" or seat is not None
    return _page(
        request,
        role,
        body,
        w,
        title=w("room.title.code", code=room.code),
        news=_news(request, room, role, lang) if joined else "",
        status=status,
        problem=problem,
    )


def _after(request: Request, room: Room, role: str, refused: RefusedError | None) -> Response:
    """What follows an act: the new screen for a script, and for everybody else the way to it."""
    lang = _lang(request)
    said = words(lang)(refused.key, **refused.values) if refused is not None else ""
    if request.headers.get("x-room"):
        if refused is not None:
            return Response(said, refused.status, HEADERS, "text/plain; charset=utf-8")
        seat = _seat(request, room) if role == "phone" else None
        return Response(_body(request, room, role, lang, seat), 200, HEADERS, HTML)
    if refused is not None:
        return _shown(request, room, role, status=refused.status, problem=said)
    return RedirectResponse(_there(request), 303, HEADERS)


# -- the routes ------------------------------------------------------------------------------------


async def _find(request: Request) -> Response:
    w = words(_lang(request))
    typed = request.query_params.get("code", "")
    problem, status = "", 200
    if typed:
        who = _who(request)
        code = naming.code_of(typed)
        if WRONG_CODES.full(who):
            problem, status = w("room.refused.often"), 429
        elif code is not None and await ROOMS.run(ROOMS.log.has, code):
            return RedirectResponse(f"{_up(request)}/room/{code}?lang={w.lang}", 303, HEADERS)
        else:
            WRONG_CODES.count(who)
            problem, status = w("room.refused.code"), 404
    over = request.query_params.get("over") == "1"
    body = drawn("room/find.html", w=w, up=_up(request), typed=typed[:12], over=over)
    return _page(request, "phone", body, w, status=status, problem=problem)


@cache
def playable() -> tuple[str, ...]:
    """The presets that a class can play; under a real name nobody does."""
    found = []
    for name in (*presets(kind="advertised"), *presets(kind="sound")):
        with suppress(RoomError):
            Table(state.parse({"scheme": name}, page={}).scheme())
            found.append(name)
    return tuple(found)


#: The preset that a lesson begins with.
FIRST: Final = "wine-points"


def _new(
    request: Request, query: Mapping[str, str], problem: str = "", status: int = 200
) -> Response:
    w = words(_lang(request))
    kept = {k: v for k, v in query.items() if k not in {"lang", "key", "rounds", "days", "crowd"}}
    settings = state.parse(kept, page={})
    own = bool(settings.changes) or (settings.preset.id not in playable())
    named = [(one, state.parse({"scheme": one}, page={}).preset.name) for one in playable()]
    name = settings.preset.name
    body = drawn(
        "room/new.html",
        w=w,
        up=_up(request),
        action=f"{_up(request)}/room/new?lang={w.lang}",
        key=naming.new_key(),
        kept=list(kept.items()) if own and kept else [],
        own=w.text(name.en, name.zh) if own and kept else "",
        schemes=[(one, w.text(name.en, name.zh)) for one, name in named],
        chosen=settings.preset.id if kept else FIRST,
    )
    return _page(request, "phone", body, w, status=status, problem=problem)


async def _make(request: Request) -> Response:
    if request.method != "POST":
        return _new(request, dict(request.query_params))
    form: dict[str, str] = {}
    w = words(_lang(request))
    try:
        _ours(request)
        form = await _form(request)
        _not_too_often(NEW_ROOMS, _who(request))
        body, lead = _plan(form, w.lang)
        NEW_ROOMS.count(_who(request))
        code = await ROOMS.run(ROOMS.make, body)
    except RefusedError as refused:
        return _new(request, form, w(refused.key, **refused.values), refused.status)
    except RoomError:
        return _new(request, {}, w("room.refused.scheme"), 400)
    except SchemeError:
        return _new(request, {}, w("room.refused.rules"), 400)
    except (FullError, sqlite3.Error, OSError):
        return _new(request, form, w("room.refused.disk"), 503)
    there = f"{_up(request)}/room/{code}/lead?lang={w.lang}#{lead}"
    answer = RedirectResponse(there, 303, HEADERS)
    _cookie(request, answer, "who_pays_lead", lead, code)
    return answer


def _plan(form: Mapping[str, str], lang: str) -> tuple[dict[str, Any], str]:
    """The first row of a room, and its teacher's key. Raises what says why there can be none."""
    own = {"lang", "key", "rounds", "days", "crowd"}
    query = {k: v for k, v in form.items() if k not in own}
    settings = state.parse(query, page={})
    if settings.problems:
        raise RefusedError("room.refused.rules", 400)
    scheme = settings.scheme()
    rounds = _whole(form.get("rounds", ""), ROUNDS, 5)
    days = _whole(form.get("days", ""), DAYS, min(usual_days(scheme), DAYS[1]))
    crowd = _whole(form.get("crowd", ""), CROWD, 0)
    Table(scheme, days=days, crowd=crowd)
    lead = naming.new_key()
    return {
        "query": query,
        "rounds": rounds,
        "days": days,
        "crowd": crowd,
        "salt": naming.new_key(),
        "lead": naming.digest(lead),
        "lang": lang,
    }, lead


def _whole(text: str, bounds: tuple[int, int], usual: int) -> int:
    text = text.strip()
    return acts.whole(text, *bounds) if text else usual


async def _phone(request: Request) -> Response:
    room = await _room(request, fresh=request.method != "POST")
    if request.method != "POST":
        return _shown(request, room, "phone")
    _ours(request)
    form = await _form(request)
    do = form.get("do", "")
    if do in {"join", "back"}:
        return await _sit(request, room, form)
    # Another process may have given the seat a moment ago.
    seat = _seat(request, room) or _seat(request, await _room(request))
    if seat is None:
        raise RefusedError("room.refused.seat", 403)
    number = seat.number

    def decide(now: Room, at: float) -> acts.Row | None:
        # Between the reading and the writing the teacher may have removed it.
        if now.was_removed(number):
            raise RefusedError("room.refused.removed", 403)
        if do == "guess":
            return acts.guess(now, number, form.get("choice", ""), at)
        if do == "spin":
            return acts.spin(now, number, at)
        if do == "move":
            round_ = form.get("round", "")
            if not (round_.isascii() and round_.isdigit() and len(round_) < 3):
                raise RefusedError("room.refused.form", 400)
            return acts.move(now, number, int(round_), form.get("act", ""), at)
        raise RefusedError("room.refused.form", 400)

    try:
        room = await ROOMS.soon(room.code, decide, seat=number)
    except RefusedError as refused:
        return _after(request, room, "phone", refused)
    return _after(request, room, "phone", None)


async def _sit(request: Request, room: Room, form: Mapping[str, str]) -> Response:
    """Take a seat, or one's own again; the token is made by the page, so that twice is once."""
    token, do = form.get("key", ""), form["do"]
    if not naming.is_key(token):
        raise RefusedError("room.refused.form", 400)
    who = f"{_who(request)} {room.code}"
    if do == "back":
        _not_too_often(WRONG_NUMBERS, who)
    held = _seat(request, room)

    def decide(now: Room, at: float) -> acts.Row | None:
        if do == "back":
            return acts.back(now, form.get("number", ""), token, at)
        return None if held is not None else acts.join(now, token, at)

    try:
        room = await ROOMS.soon(room.code, decide)
    except RefusedError as refused:
        if refused.status == 404:
            WRONG_NUMBERS.count(who)
        return _after(request, room, "phone", refused)
    script = request.headers.get("x-room")
    answer = Response(status_code=205) if script else RedirectResponse(_there(request), 303)
    answer.headers.update(HEADERS)
    if held is None or do == "back":
        _cookie(request, answer, "who_pays_seat", token, room.code)
    return answer


async def _wall(request: Request) -> Response:
    return _shown(request, await _room(request), "wall")


async def _lead(request: Request) -> Response:
    room = await _room(request)
    w = words(_lang(request))
    if not _leads(request, room):
        if request.method == "POST":
            raise RefusedError("room.refused.lead", 403)
        body = drawn("room/shut.html", w=w, room=room)
        return _page(request, "lead", body, w, status=403)
    if request.method != "POST":
        return _shown(request, room, "lead")
    _ours(request)
    form = await _form(request)
    if form.get("do") == "delete":
        if form.get("sure") != "1":
            raise RefusedError("room.refused.form", 400)
        await ROOMS.run(ROOMS.delete, room.code)
        return _said(request, "room.refused.gone", 410)
    if not naming.is_key(form.get("key", "")):
        # A page without a script: what it saw makes the key, so that twice is once.
        seen = f"{room.seq} {sorted(form.items())}"
        form["key"] = naming.digest(seen)
    try:
        room = await ROOMS.soon(room.code, lambda now, at: acts.lead(now, form, at))
    except RefusedError as refused:
        return _after(request, room, "lead", refused)
    return _after(request, room, "lead", None)


async def _open(request: Request) -> Response:
    """The teacher's link on another screen: its key becomes a cookie."""
    room = await _room(request)
    _ours(request)
    form = await _form(request)
    key = form.get("key", "")
    if not (naming.is_key(key) and naming.opens(key, room.made.lead)):
        raise RefusedError("room.refused.lead", 403)
    answer = Response(status_code=204, headers=HEADERS)
    _cookie(request, answer, "who_pays_lead", key, room.code)
    return answer


def _role(request: Request, room: Room) -> tuple[str, Seat | None]:
    role = request.query_params.get("role", "phone")
    if role == "lead" and not _leads(request, room):
        raise RefusedError("room.refused.lead", 403)
    if role not in {"phone", "wall", "lead"}:
        raise RefusedError("room.refused.form", 400)
    seat = _seat(request, room) if role == "phone" else None
    if role == "phone" and seat is None:
        raise RefusedError("room.refused.seat", 403)
    return role, seat


async def _screen(request: Request) -> Response:
    room = await _room(request)
    role, seat = _role(request, room)
    return Response(_body(request, room, role, _lang(request), seat), 200, HEADERS, HTML)


async def _events(request: Request) -> Response:
    room = await _room(request)
    role, seat = _role(request, room)
    lang, up, origin = _lang(request), _up(request), _origin(request)
    code, number = room.code, None if seat is None else seat.number

    def look() -> tuple[str, int] | None:
        """What is shown now; None: the room or the seat is gone."""
        now = ROOMS.folded(code)
        if now is None or (number is not None and now.was_removed(number)):
            return None
        with ROOMS.reading():
            screen = Screen(now, words(lang), ROOMS.clock())
            mine = None if number is None else now.seats[number]
            return _drawn(role, screen, mine, up, origin), now.seq

    async def tell() -> AsyncIterator[ServerSentEvent]:
        last = ""
        async with ROOMS.listening(code, number) as listener:
            while True:
                found = look()
                if found is None:
                    gone = "seat" if ROOMS.folded(code) is not None else "room"
                    yield ServerSentEvent(gone, event="gone")
                    return
                text, seq = found
                if text != last:
                    last = text
                    yield ServerSentEvent(text, event="screen", id=str(seq))
                try:
                    await asyncio.wait_for(listener.news.wait(), BEAT)
                except TimeoutError:
                    yield ServerSentEvent("", event="beat")
                    continue
                if role != "phone":
                    await asyncio.sleep(GATHER)
                listener.news.clear()

    told = {k: v for k, v in HEADERS.items() if k != "Cache-Control"}
    return EventSourceResponse(tell(), headers={**told, "X-Accel-Buffering": "no"}, ping=3600)


Answer = Callable[[Request], Awaitable[Response]]


def _guarded(answer: Answer) -> Answer:
    """One sentence for whatever goes wrong."""

    async def guarded(request: Request) -> Response:
        if len(request.url.query) > MOST_FORM:
            return _said(request, "room.refused.form", 414)
        try:
            return await answer(request)
        except UnknownError:
            return _said(request, "room.refused.code", 404)
        except RefusedError as refused:
            return _said(request, refused.key, refused.status, **refused.values)
        except (FullError, sqlite3.Error, OSError):
            told = _said(request, "room.refused.disk", 503)
            told.headers["Retry-After"] = "2"
            return told

    return guarded


def _route(path: str, answer: Answer, *methods: str) -> Route:
    return Route(path, _guarded(answer), methods=methods or ("GET",), name=f"room-{path}")


PATH: Final = "/room"
ROUTES: Final = [
    _route("/room", _find),
    _route("/room/new", _make, "GET", "POST"),
    _route("/room/{code}", _phone, "GET", "POST"),
    _route("/room/{code}/wall", _wall),
    _route("/room/{code}/lead", _lead, "GET", "POST"),
    _route("/room/{code}/lead/open", _open, "POST"),
    _route("/room/{code}/screen", _screen),
    _route("/room/{code}/news", _events),
]


def warm_up() -> None:
    """Draw what a lesson shows once, so that the first class does not wait for it."""
    body, _ = _plan({"scheme": FIRST, "rounds": "1"}, LANGS[0])
    rows: list[tuple[int, str, dict[str, Any]]] = [
        (0, "made", {"do": "made", **body}),
        (1, "seat", {"do": "seat", "token": ""}),
        (0, "1", {"do": "go", "step": "round-1", "seconds": 60}),
        (1, "round-1", {"do": "move", "round": 1, "act": "buy"}),
        (0, "2", {"do": "go", "step": "stop", "seconds": 60}),
    ]
    room = Room("WARM")
    for seq, (seat, key, said) in enumerate(rows, 1):
        room.apply(Event(seq, seat, key, {"at": 0.0, **said}))
        for lang in LANGS:
            screen = Screen(room, words(lang), 0.0)
            for role in ("phone", "wall", "lead"):
                if room.seats:
                    _drawn(role, screen, room.seats[1], "", "")


@asynccontextmanager
async def keeping() -> AsyncIterator[None]:
    """Keep house while the server runs."""
    # Nobody waits for it: the first to come find it under way.
    warming = asyncio.create_task(ROOMS.run(warm_up))
    housekeeping = asyncio.create_task(ROOMS.keep_house())
    try:
        yield
    finally:
        housekeeping.cancel()
        with suppress(asyncio.CancelledError):
            await housekeeping
        await warming
        ROOMS.close()


async def _health(_request: Request) -> Response:
    return Response("ok")


def _app() -> Starlette:
    """Rooms by themselves."""

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        async with keeping():
            yield

    return Starlette(
        routes=[*ROUTES, Route("/_stcore/health", _health)],
        middleware=[Middleware(GZipMiddleware, minimum_size=800)],
        lifespan=life,
    )


app: Final = _app()
