"""The knobs above the panels and what they move, as data: what the browser is told and says.

Nothing of a visit is kept or read here: while a hand moves, the browser sends along what it shows
(:class:`Shown`), and the answer is worked out from that and the hand alone. A message comes from
outside: it is read with suspicion, and what cannot be used is answered by a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from model.fields import Parameter
from model.preset import SchemeError
from model.result import Result
from model.scheme import Scheme, scheme_parameters
from view.mechanisms.face import MULTIPLES
from view.parts import knobs
from view.parts.controls import VOLUMES, from_widget, to_widget
from view.pictures import charts, field, panels
from view.queueing import lately
from view.queueing.heavy import HeavyError, heavy
from view.queueing.lately import Lately
from view.sentences import findings
from view.settings import limits, state
from view.settings.runs import RUNS, run_key
from view.settings.state import Settings
from view.words import typed, typed_said
from view.words.format import count, days, multiple, percent, quantity, yuan
from view.words.words import LANGS, Words
from view.words.words import words as words_of

GROWTH = "demand.growth"
KIND = "demand.kind"
#: A message has one value for each knob; more is nobody's hand.
MOST_VALUES = 2 * knobs.MOST
MOST_SEQ = 2**53
#: Beyond every bound of the model, and still exact: what is more, or no number, is refused.
MOST = 1e15
#: A longer message is nobody's hand (bytes): the longest scheme of one's own has a few thousand.
MOST_BYTES: Final = 65_536
#: Pixels that a picture may be high.
HEIGHTS: Final = range(100, 1001)
#: Settings of the page that change the pictures.
PAGE: Final = {"zoom": ("off", "on")}
#: What stands behind the number in the box.
UNITS = {
    "share": "live.unit.share",
    "multiple": "live.unit.multiple",
    "yuan": "live.unit.yuan",
    "ticks": "live.unit.ticks",
}


#: What pages have shown last: a page at rest shows what was just answered to a moving hand, and a
#: document what its page will.
DRAWN: Final[Lately[tuple[object, ...], Mapping[str, Any]]] = Lately(16)


class Move(NamedTuple):
    """What a hand has done: the knobs it moved since the last rest, in the units people use."""

    seq: int
    scheme: str
    values: Mapping[str, Any]


def read(message: object) -> Move | None:
    """A message of the browser; None if it is not one that our own script sends."""
    if not isinstance(message, Mapping):
        return None
    seq, scheme, values = (message.get(name) for name in ("seq", "scheme", "values"))
    if isinstance(seq, bool) or not isinstance(seq, int) or not 0 <= seq < MOST_SEQ:
        return None
    if not isinstance(scheme, str):
        return None
    if not isinstance(values, Mapping) or len(values) > MOST_VALUES:
        return None
    if not all(isinstance(key, str) for key in values):
        return None
    return Move(seq, scheme, dict(values))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page shows beside where its knobs stand, and how: enough to answer a moving hand."""

    settings: Settings
    lang: str
    dark: bool
    height: int

    @property
    def look(self) -> charts.Look:
        """How its pictures are drawn."""
        return charts.Look(
            w=words_of(self.lang),
            dark=self.dark,
            height=self.height,
            zoom=self.settings.page.get("zoom") == "on",
            plain=True,
        )

    def written(self) -> dict[str, Any]:
        """As the browser keeps it, to be read by :func:`shown`."""
        settings = self.settings
        page = {key: settings.page.get(key, allowed[0]) for key, allowed in PAGE.items()}
        query = state.address(settings.preset, settings.changes, page=page, defaults=PAGE, keep={})
        return {
            "query": urlencode(query),
            "lang": self.lang,
            "dark": self.dark,
            "height": self.height,
        }


def shown(message: object) -> Shown | None:
    """What the browser has kept; None if it is not what :meth:`Shown.written` gave it."""
    if not isinstance(message, Mapping):
        return None
    query, lang, dark, height = (message.get(key) for key in ("query", "lang", "dark", "height"))
    if not isinstance(query, str) or lang not in LANGS or not isinstance(dark, bool):
        return None
    if isinstance(height, bool) or not isinstance(height, int) or height not in HEIGHTS:
        return None
    try:
        return Shown(settings=_settings(query), lang=lang, dark=dark, height=height)
    except ValueError:  # more fields than an address has
        return None


@lru_cache(maxsize=64)
def _settings(query: str) -> Settings:
    """The settings of an address; the same again and again while a hand moves."""
    fields = parse_qsl(query, keep_blank_values=True, max_num_fields=state.MAX_KEYS)
    return state.parse(dict(fields), page=PAGE)


class RefusedError(ValueError):
    """A message that our script does not send; says in one sentence what is wrong."""


class Asked(NamedTuple):
    """A move that has been understood, and what the page shows with it."""

    page: Shown
    seq: int
    refused: Mapping[str, str]


def asked(message: bytes) -> Asked:
    """What a hand's message asks for; raises :class:`RefusedError` for anything else."""
    if len(message) > MOST_BYTES:
        raise RefusedError(f"A move has at most {MOST_BYTES} bytes.")
    try:
        read_ = json.loads(message)
    except (ValueError, RecursionError):
        raise RefusedError("A move is JSON.") from None
    move = read(read_)
    before = shown(read_.get("page")) if move is not None else None
    if move is None or before is None:
        raise RefusedError(
            "A move has a whole number seq, the scheme's name, the knobs' values, and the page as "
            "it was sent."
        )
    after, refused = moved(before.settings, move, words_of(before.lang))
    shorter = limits.bounded(replace(after, problems=()))
    return Asked(replace(before, settings=shorter), move.seq, refused)


def answered(move: Asked) -> bytes:
    """What a page shows once its knobs stand where a moving hand has them, as JSON."""
    settings = move.page.settings
    w, parts = words_of(move.page.lang), drawn(RUNS.of(settings), move.page)
    note = findings.together(w, parts["note"], limits.said(settings, w))
    return _json({**parts, "seq": move.seq, "refused": move.refused, "note": note})


def answer(message: bytes) -> bytes:
    """The answer to a hand's message; raises :class:`RefusedError` for anything else."""
    return answered(asked(message))


def light_answer(message: bytes) -> bytes:
    """The same, of a light one; raises HeavyError for a heavy one."""
    move = asked(message)
    if heavy(move.page.settings.scheme()):
        raise HeavyError(move.page.lang)
    return answered(move)


def packed(answer_: bytes) -> bytes:
    """An answer with its run and pictures, for another process of ours to :func:`unpacked`."""
    return lately.packed(answer_, RUNS, DRAWN)


def unpacked(sent: bytes) -> bytes:
    """The answer. The run and the pictures are kept: the page at rest asks for the same ones."""
    return lately.unpacked(sent, RUNS, DRAWN)


def sample(lang: str) -> bytes:
    """A message as a hand may send it, for getting ready."""
    settings = state.parse({}, page=PAGE)
    page = Shown(settings=settings, lang=lang, dark=False, height=HEIGHTS[0]).written()
    return _json({"seq": 1, "scheme": settings.preset.reference, "values": {}, "page": page})


def moved(settings: Settings, move: Move, w: Words) -> tuple[Settings, dict[str, str]]:
    """The settings after a move, and a sentence for each knob whose value cannot be used.

    What the scheme shown has no knob for is left alone: the message may be older than the page.
    """
    if move.scheme != settings.preset.reference:
        return settings, {}
    scheme = settings.scheme()
    parameters = scheme_parameters(scheme)
    found: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for key in knobs.headline(scheme):
        if key not in move.values:
            continue
        try:
            value = _usable(scheme, key, parameters[key], move.values[key], w)
        except ValueError:
            refused[key] = refusal(scheme, key, w)
            continue
        found[key] = from_widget(parameters[key], value)
    after = _with(settings, scheme, found)
    if after is None:
        # Not all together: as many as hold when they are set in turn.
        after = replace(settings, problems=())
        for key, value in found.items():
            further = _with(after, scheme, {key: value})
            if further is None:
                refused[key] = w("url.combination")
            else:
                after = further
    return after, refused


def _with(settings: Settings, scheme: Scheme, values: Mapping[str, Any]) -> Settings | None:
    """The settings with these values of the model, if they hold together."""
    found = dict(values)
    if GROWTH in found:
        # Away from nought it turns a steady volume into a growing one.
        grows = found[GROWTH] != 0
        if scheme.demand.kind != "saturating" or not grows:
            found[KIND] = "growing" if grows else "steady"
    changes = state.changed(settings.preset, {**settings.changes, **found})
    after = replace(settings, changes=changes, problems=())
    try:
        after.scheme()
    except SchemeError:
        return None
    return after


def _usable(scheme: Scheme, key: str, parameter: Parameter, value: Any, w: Words) -> Any:
    """A value in people's units, if the model takes it; else a ValueError."""
    kind_key = knobs.kind_key(scheme, key)
    if kind_key in knobs.CHOICES:
        if value not in knobs.options(scheme, key):
            raise ValueError(key)
        return value
    if value is None and parameter.optional:
        return None
    box = typed_said.allowed(parameter)
    if isinstance(value, str):
        # What was typed comes as it was typed, and is read here like everywhere.
        return typed.read("" if value.strip() == w("control.never") else value, box)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST:
        raise ValueError(key)
    if not box.holds(value):
        raise ValueError(key)
    return to_widget(parameter, from_widget(parameter, value))


def refusal(scheme: Scheme, key: str, w: Words) -> str:
    """One sentence: what may be typed for a knob. What was typed stands in the box still."""
    box = typed_said.allowed(scheme_parameters(scheme)[key])
    return typed_said.refusal(w.label(knobs.kind_key(scheme, key)), box, w)


# -- what the browser is told ------------------------------------------------------------------


def text_of(unit: str, value: Any, lang: str) -> str:
    """A value in people's units as people say it."""
    if value is None:
        return words_of(lang)("control.never")
    if unit == "share":
        return percent(value / 100, lang)
    if unit == "orders":
        return quantity(value, lang, short=True)
    shows: dict[str, Callable[[float, str], str]]
    shows = {"yuan": yuan, "multiple": multiple, "ticks": days}
    return shows.get(unit, count)(value, lang)


@lru_cache(maxsize=128)
def _texts(unit: str, values: tuple[Any, ...], lang: str) -> tuple[str, ...]:
    return tuple(text_of(unit, value, lang) for value in values)


@lru_cache(maxsize=128)
def _even(low: float, high: float, step: float) -> tuple[float, ...]:
    """From ``low`` to ``high`` in equal steps."""
    return tuple(round(low + step * k, 8) for k in range(round((high - low) / step) + 1))


def stops(scheme: Scheme, key: str) -> tuple[Any, ...]:
    """The values a slider stops at, in people's units: never is the last."""
    parameter = scheme_parameters(scheme)[key]
    offered: Sequence[Any]
    if key == "points_pool.exit_multiple":
        offered = MULTIPLES
    elif key == "demand.orders_per_tick":
        offered = VOLUMES
    elif (kind_key := knobs.kind_key(scheme, key)) in knobs.STOPS:
        offered = knobs.STOPS[kind_key]
    else:
        low, high = parameter.slider or (0.0, 1.0)
        offered = _even(low * 100, high * 100, (parameter.step or 0.01) * 100)
    value = to_widget(parameter, scheme.get(key))
    # A value from the address or the box joins them in its place.
    numbers = sorted({stop for stop in offered if stop is not None} | ({value} - {None}))
    ends = [None] if None in offered or value is None else []
    return (*numbers, *ends)


def knob(scheme: Scheme, key: str, w: Words) -> dict[str, Any]:
    """One knob for the browser."""
    parameter = scheme_parameters(scheme)[key]
    kind_key = knobs.kind_key(scheme, key)
    value = to_widget(parameter, scheme.get(key))
    about = {"key": key, "label": w.label(kind_key), "help": w.help(kind_key), "value": value}
    if kind_key in knobs.CHOICES:
        offered = knobs.options(scheme, key)
        name = kind_key.rpartition(".")[2]
        texts = [w(f"choice.{name}.{option}") for option in offered]
        return about | {"values": offered, "texts": texts}
    values = stops(scheme, key)
    unit = parameter.unit
    return about | {
        "values": values,
        "texts": _texts(unit, values, w.lang),
        "box": {
            "label": w("live.box", label=about["label"], unit=w(f"unit.{unit}")),
            "unit": w(UNITS[unit]) if unit in UNITS else "",
            "none": w("control.never") if parameter.optional else None,
        },
    }


def told(
    result: Result,
    page: Shown,
    *,
    seq: int,
    refused: Mapping[str, str],
    visit: str = "",
    parts: Mapping[str, Any] | None = None,
) -> bytes:
    """All that the component shows, as JSON: sentences, knobs, and three figures packed as text.

    The figures stay text, so that the browser takes apart only those that have changed. ``visit``
    is another one where another process answers; ``parts``: what :func:`moving_parts` says, if it
    is known.
    """
    look, scheme = page.look, result.scheme
    w = look.w
    return _json(
        {
            **(moving_parts(result, page) if parts is None else parts),
            "seq": seq,
            "refused": refused,
            "lang": w.lang,
            "visit": visit,
            "scheme": page.settings.preset.reference,
            "page": page.written(),
            "words": {
                "knobs": w("live.knobs"),
                "help": w("live.help", label="{label}"),
            },
            "knobs": [knob(scheme, key, w) for key in knobs.headline(scheme)],
            "config": charts.config(w, zoom=look.zoom),
        }
    )


def first(result: Result, page: Shown) -> bytes:
    """The panels alone, as JSON, for the document: drawn before Streamlit has begun."""
    config = charts.config(page.look.w, zoom=page.look.zoom)
    return _json({**drawn(result, page), "seq": 0, "refused": {}, "config": config})


def _json(told_: Mapping[str, Any]) -> bytes:
    return json.dumps(told_, ensure_ascii=False, separators=(",", ":")).encode()


def drawn(result: Result, page: Shown) -> Mapping[str, Any]:
    """The same as :func:`moving_parts`, also of what was asked for lately."""
    zoom = page.settings.page.get("zoom")
    wanted = (*run_key(page.settings), result.ticks, page.lang, page.dark, page.height, zoom)
    return DRAWN.get(wanted) or DRAWN.keep(wanted, moving_parts(result, page))


def everybody(result: Result, w: Words, *, dark: bool) -> str:
    """Every buyer a dot, as HTML; nothing where a run does not tell them apart."""
    shown = field.field(result, w)
    # What is assumed stands right above it.
    return field.html(shown, dark=dark) if shown is not None else ""


def moving_parts(result: Result, page: Shown) -> dict[str, Any]:
    """What changes while a hand moves: sentences and pictures."""
    look, scheme = page.look, result.scheme
    w, settings = look.w, page.settings
    foot = findings.foot(scheme, settings.preset, settings.changes, w)
    return {
        "finding": findings.finding(result, w),
        "assume": findings.assumption(scheme, w),
        "note": findings.halted(result, w),
        "besides": findings.besides(result, w),
        "field": everybody(result, w, dark=look.dark),
        "play": w("field.play"),
        "panels": [
            {
                "name": name,
                "title": panel.title,
                "alt": f"{panel.alt} {panel.title}",
                "figure": charts.written(panel.figure()),
            }
            for panel, name in zip(
                panels.panels(result, look, foot=foot), panels.NAMES, strict=True
            )
        ],
    }
