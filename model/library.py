"""Loading schemes: presets by id, files by path, single numbers by dotted key."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from pydantic import Field, ValidationError, field_validator, model_validator

from model.fields import UNITS, Frozen, Parameter
from model.scheme import KINDS, Named, Scheme, named_parameters

PRESETS = Path(__file__).resolve().parent.parent / "presets"
#: A preset is a page of text; anything much larger is not one.
MAX_FILE = 200_000
MAX_LINE = 4_000
#: What the reference of a reader's own scheme begins with: ``own:points_pool+commission``.
OWN = "own:"
#: Files beside the presets that are none.
_NO_PRESETS = frozenset({"sources", "populations", "facts", "flags", "advice"})


class SchemeError(ValueError):
    """Something about a scheme cannot be used; the message is one sentence for people."""


class Text(Frozen):
    """A short text in English and Simplified Chinese."""

    en: str = Field(max_length=600)
    zh: str = Field(max_length=600)


Quality = Literal["stated", "derived", "assumed"]
Kind = Literal["advertised", "real_case", "sound", "own"]
#: A day of the calendar.
DAY = r"^\d{4}-\d\d-\d\d$"
#: The order in which kinds are listed.
SHOWN_KINDS: tuple[Kind, ...] = get_args(Kind)


class Value(Frozen):
    """One number of a preset with where it comes from."""

    key: str
    value: Any
    unit: str
    source: str
    quality: Quality
    note: Text | None = None

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, value: str) -> str:
        if value not in UNITS:
            raise ValueError(f"unknown unit {value!r}; known: {', '.join(UNITS)}")
        return value


class Figure(Frozen):
    """A figure that is published, by a pitch or of a case, held against the model's.

    ``what``: a column of ``series`` after tick ``order``; points ``credited`` on it, or by another
    name what the columns hold beside points pools (``credit`` of a release, live ``units`` and what
    a unit was paid, ``unit_paid``); per buyer of that tick by the end of the run (``received``,
    ``held_value``); or yuan the shop has had by it (``merchant``; ``points_shop`` alone). Of a
    daily release: the part of their credit that the buyers of that tick have had by the end of the
    run (``released``); yuan owed for each yuan that has come in (``owed``), and owed less what is
    there (``gap``); what is paid out more than comes in on the tick (``loss``); everything paid or
    spent by then (``paid_by``, ``sales_by``); the most spent on one tick (``best_day``); and the
    growth a tick, continuous, that it needs for ever (``growth``).
    """

    what: Literal[
        "orders",
        "sales",
        "pool",
        "points",
        "price",
        "paid_in",
        "paid_out",
        "fees",
        "promised",
        "holders",
        "exits",
        "credited",
        "credit",
        "units",
        "unit_paid",
        "received",
        "held_value",
        "merchant",
        "points_shop",
        "released",
        "owed",
        "gap",
        "loss",
        "paid_by",
        "sales_by",
        "best_day",
        "growth",
    ]
    order: int = Field(ge=1, le=10_000)
    value: float
    #: Places to which it must agree; below nought: tens, hundreds ...
    decimals: int = Field(ge=-12, le=8)
    source: str
    #: Changes to the preset for this figure; without any, single orders and no forced exits.
    set: tuple[tuple[str, Any], ...] = Field(default=(), max_length=20)
    #: False for a figure that the rule as we run it does not give.
    agrees: bool = True
    #: True for a figure that an assumption was chosen by: that it agrees says nothing.
    fitted: bool = False
    #: How to show it, and with how many places; else as it stands.
    unit: Literal["number", "yuan", "share"] = "number"
    shown: int | None = Field(default=None, ge=0, le=8)
    #: What was published, and why it agrees or does not, for people.
    text: Text | None = None
    note: Text | None = None

    @field_validator("set", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        """A table of keys and values is written more easily than pairs."""
        pairs = list(value.items()) if isinstance(value, Mapping) else value
        return _fixed(pairs)

    @model_validator(mode="after")
    def _within_the_run(self) -> Figure:
        horizon = dict(self.set).get("horizon")
        if isinstance(horizon, int) and horizon < self.order:
            raise ValueError(f"horizon: a run of {horizon} does not reach {self.order}")
        return self

    @property
    def step(self) -> Literal["order", "day"]:
        """What ``order`` counts."""
        return "order" if not self.set or dict(self.set).get("tick") == "order" else "day"


def _fixed(value: Any, depth: int = 0) -> Any:
    """Lists as tuples, at every depth."""
    if not isinstance(value, list | tuple):
        return value
    if depth > 4:
        raise ValueError("nested too deep")
    return tuple(_fixed(item, depth + 1) for item in value)


class Fact(Frozen):
    """Something the pitch says that is no parameter of a run, contradictions included."""

    text: Text
    source: str
    quality: Quality
    contradiction: bool = False


class Turn(Frozen):
    """A day on which a case took another course, to be marked on the axis of time."""

    date: str = Field(pattern=DAY)
    text: Text
    source: str
    quality: Quality


class Source(Frozen):
    """Where numbers come from."""

    title: Text
    date: str
    grade: str
    kind: Literal["pitch", "official", "own"]
    #: Where the text was read, printed and never opened: no scheme, no spaces.
    address: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(/[!-~]*)?$")


class Part(Frozen):
    """One mechanism of a preset; its numbers are among the preset's values."""

    kind: str
    name: str = Field(default="", pattern=r"^([a-z][a-z0-9_]{0,39})?$")

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        if value not in KINDS:
            raise ValueError(f"unknown kind {value!r}; known: {', '.join(KINDS)}")
        return value


class Preset(Frozen):
    """A preset file: every number with unit, source and quality."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    revision: int = Field(ge=1, le=10_000)
    date: str
    kind: Kind
    family: Literal[
        "points_pool", "dividend_pool", "scheduled_release", "refund_queue", "commission"
    ]
    name: Text
    summary: Text
    value: tuple[Value, ...]
    figure: tuple[Figure, ...] = ()
    fact: tuple[Fact, ...] = ()
    #: Day 1 of the calendar, of what has really happened; then turns have their place.
    start: str | None = Field(default=None, pattern=DAY)
    turn: tuple[Turn, ...] = Field(default=(), max_length=12)
    #: Beside the family's own, or instead of it; without any, the family's alone.
    mechanism: tuple[Part, ...] = Field(default=(), max_length=8)

    @property
    def parts(self) -> Named:
        """(kind, name) of each mechanism."""
        if not self.mechanism:
            return ((self.family, self.family),)
        return tuple((part.kind, part.name or part.kind) for part in self.mechanism)

    def day(self, date: str) -> int:
        """The tick of a day of the calendar (``2018-05-08``), the start being 1.

        Raises ValueError for what is no day, or where there is no start.
        """
        if self.start is None:
            raise ValueError(f"{self.id} has no start")
        return int((np.datetime64(date, "D") - np.datetime64(self.start, "D")).astype(int)) + 1

    @property
    def reference(self) -> str:
        """What :func:`preset` finds it by: ``id@revision``, or the mechanisms of an own scheme."""
        if self.kind != "own":
            return f"{self.id}@{self.revision}"
        return OWN + "+".join(
            kind if name == kind else f"{kind}.{name}" for kind, name in self.parts
        )

    @model_validator(mode="after")
    def _sound(self) -> Preset:
        """Every number once, in its parameter's unit, from a known source, explained if assumed."""
        known, seen = named_parameters(self.parts), set[str]()
        for item in self.value:
            if item.key in seen:
                raise ValueError(f"{item.key} is given twice")
            seen.add(item.key)
            if item.key in known and item.unit != known[item.key].unit:
                raise ValueError(f"{item.key}: the unit is {known[item.key].unit}, not {item.unit}")
            if item.quality == "assumed" and item.note is None:
                raise ValueError(f"{item.key}: an assumed number needs a note")
        for figure in self.figure:
            for key, _ in figure.set:
                if key not in known:
                    raise ValueError(f"{_short(key)}: a figure is set by a key that does not exist")
        named = [item.source for item in self.value]
        named += [figure.source for figure in self.figure]
        named += [fact.source for fact in self.fact] + [turn.source for turn in self.turn]
        if self.turn and self.start is None:
            raise ValueError("turns need a start")
        if any(self.day(turn.date) < 1 for turn in self.turn):
            raise ValueError("a turn lies before the start")
        for source in named:
            if source not in sources():
                raise ValueError(f"unknown source {source!r}; known: {', '.join(sources())}")
        return self

    def scheme(self, changes: Mapping[str, Any] | None = None) -> Scheme:
        """The scheme with ``changes`` (dotted key -> value) made to it."""
        document: dict[str, Any] = {
            "id": self.id,
            "revision": self.revision,
            "mechanisms": [{"kind": kind, "name": name} for kind, name in self.parts],
        }
        known = _known(document)
        for item in self.value:
            _put(document, item.key, _cleaned(item.value), known)
        for key, value in (changes or {}).items():
            _put(document, key, _cleaned(value), known)
        return _checked(document)

    def origin(self, key: str) -> Value | None:
        """The entry that gives ``key``, if the preset has one."""
        return next((item for item in self.value if item.key == key), None)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lower() in {"none", "null", "never"}:
        return None
    return value


def _known(document: Mapping[str, Any]) -> Mapping[str, Parameter]:
    """The parameters of a document's mechanisms."""
    return named_parameters(tuple((str(m["kind"]), str(m["name"])) for m in document["mechanisms"]))


def _put(document: dict[str, Any], key: str, value: Any, known: Mapping[str, Parameter]) -> None:
    """Write ``value`` at a dotted key; a first part that names a mechanism goes to it."""
    if key not in known:
        near = difflib.get_close_matches(key, known, n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; known: {', '.join(known)}"
        raise SchemeError(f"unknown key {_short(key)}{hint}")
    if isinstance(value, bool):
        raise SchemeError(f"{key}: {value} is not allowed; allowed: {known[key].allowed()}")
    *groups, name = key.split(".")
    holder = document
    for group in groups:
        named = next((m for m in document["mechanisms"] if m["name"] == group), None)
        holder = named if named is not None else holder.setdefault(group, {})
    holder[name] = tuple(value) if isinstance(value, list) else value


def _checked(document: dict[str, Any]) -> Scheme:
    try:
        return Scheme.model_validate(document)
    except ValidationError as error:
        raise SchemeError(_sentence(error, document)) from None


def _sentence(error: ValidationError, document: dict[str, Any]) -> str:
    """The first problem pydantic found, as one sentence with the key and what is allowed."""
    first = error.errors(include_url=False)[0]
    path: list[str] = []
    holder: Any = document
    for part in first["loc"]:
        if isinstance(part, int) and isinstance(holder, list | tuple) and part < len(holder):
            holder = holder[part]
            if isinstance(holder, dict) and "name" in holder:
                path = [str(holder["name"])]
            continue
        if isinstance(holder, dict) and part == holder.get("kind"):
            continue  # pydantic names the kind of the mechanism too
        holder = holder.get(part) if isinstance(holder, dict) else None
        if part != "mechanisms":
            path.append(str(part))
    key = ".".join(path)
    parameter = _known(document).get(key)
    given = first.get("input")
    if parameter is not None and first["type"] not in {"value_error", "literal_error"}:
        return f"{key}: {_short(given)} is not allowed; allowed: {parameter.allowed()}"
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "literal_error":
        message = f"{_short(given)} is not allowed; allowed: {first['ctx']['expected']}"
    return f"{key}: {message}" if key else message


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def parse_value(text: str) -> Any:
    """A value typed on a command line or in a URL: number, list, none or a word."""
    text = text.strip()
    if len(text) > 20_000:
        raise SchemeError("the value is too long; at most 20000 characters")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _called(path: Path) -> str:
    """A file's name, fit for a message of one line."""
    return path.name if path.name.isprintable() and len(path.name) <= 60 else _short(path.name)


def _read(path: Path) -> Preset:
    name = _called(path)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_FILE else b" " * (MAX_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise SchemeError(f"{name}: cannot be read ({reason})") from None
    return read_preset(data, name=name)


def read_preset(data: bytes, *, name: str) -> Preset:
    """The preset in a TOML file called ``name``; raises SchemeError, one sentence with the key."""
    name = _called(Path(name))
    size, text = len(data), ""
    try:
        if size <= MAX_FILE:
            text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise SchemeError(f"{name}: cannot be read (not UTF-8 text)") from None
    if size > MAX_FILE or any(len(line) > MAX_LINE for line in text.splitlines()):
        raise SchemeError(
            f"{name}: too large; a preset has at most {MAX_FILE} bytes, a line {MAX_LINE} letters"
        )
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SchemeError(f"{name}: not a TOML file ({error})") from None
    try:
        return Preset.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = str(first["msg"]).removeprefix("Value error, ")
        raise SchemeError(f"{name}: {where + ': ' if where else ''}{message}") from None


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Preset]:
    shown = (
        "local-life-points wine-points thousand-yuan-points equity-shop cyclic-purchase "
        "cyclic-packages green-points guild-queue three-in-one-out ad-tasks lifetime-points "
        "zero-cost-marketing "
        "case-yunlianhui case-wanjia case-yuehua "
        "cash-back-card stamp-card cooperative-dividend"
    )
    order = {name: place for place, name in enumerate(shown.split())}
    paths = sorted(path for path in PRESETS.glob("*.toml") if path.stem not in _NO_PRESETS)
    found = [_read(path) for path in paths]
    found.sort(
        key=lambda preset: (
            SHOWN_KINDS.index(preset.kind),
            order.get(preset.id, len(order)),
            preset.id,
        )
    )
    return {preset.id: preset for preset in found}


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every source a preset may name, by id."""
    document = tomllib.loads((PRESETS / "sources.toml").read_text(encoding="utf-8"))
    return {key: Source.model_validate(value) for key, value in document.items()}


class Place(Frozen):
    """How many people live somewhere."""

    id: str
    people: int = Field(gt=0)
    source: str


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Places to hold a number of orders against, smallest first."""
    document = tomllib.loads((PRESETS / "populations.toml").read_text(encoding="utf-8"))
    return tuple(Place.model_validate(place) for place in document["place"])


def presets(*, family: str | None = None, kind: str | None = None) -> list[str]:
    """The ids of the presets, the one shown first in front; of one family or kind if given.

    Without a kind all of them: the advertised ones, then real cases, sound programmes, and what
    else somebody has put there (``kind = "own"``).
    """
    return [
        name
        for name, found in _shipped().items()
        if family in {None, found.family} and kind in {None, found.kind}
    ]


@lru_cache(maxsize=256)
def own_preset(mechanisms: str) -> Preset:
    """An empty preset of ``mechanisms``: kinds joined by ``+``, each ``kind`` or ``kind.name``.

    It holds no numbers: a reader's own go with the address as changes. Raises SchemeError.
    """
    parts = []
    for text in mechanisms[:400].split("+"):
        kind, _, name = text.partition(".")
        parts.append({"kind": kind, "name": name})
    title = {"en": "Own settings", "zh": "自己的设置"}
    document = {
        "id": "own",
        "revision": 1,
        "date": "2026",
        "kind": "own",
        "family": parts[0]["kind"],
        "name": title,
        "summary": title,
        "value": [],
        "mechanism": parts,
    }
    try:
        found = Preset.model_validate(document)
        found.scheme()
    except ValidationError:
        raise SchemeError(
            f"{_short(mechanisms)} are not mechanisms; known: {', '.join(KINDS)}"
        ) from None
    return found


@dataclass(frozen=True)
class _Reference:
    id: str
    revision: int | None


def _reference(text: str) -> _Reference:
    name, _, revision = text.partition("@")
    if revision and not (revision.isascii() and revision.isdigit() and len(revision) <= 5):
        raise SchemeError(f"{_short(revision)} is not a revision; allowed: a whole number from 1")
    return _Reference(name, int(revision) if revision else None)


def preset(reference: str, *, directory: Path | None = None) -> Preset:
    """The preset ``id`` or ``id@revision``; old revisions come from presets/archive.

    ``own:points_pool+commission`` is an empty one of these mechanisms. Raises SchemeError naming
    what exists.
    """
    if reference.startswith(OWN):
        return own_preset(reference.removeprefix(OWN))
    wanted = _reference(reference)
    shipped = (
        _shipped()
        if directory is None
        else {p.id: p for p in map(_read, sorted(directory.glob("*.toml"))) if p.id}
    )
    current = shipped.get(wanted.id)
    if current is None:
        known = ", ".join(shipped)
        raise SchemeError(f"unknown scheme {_short(wanted.id)}; known: {known}")
    if wanted.revision is None or wanted.revision == current.revision:
        return current
    old = (directory or PRESETS) / "archive" / f"{wanted.id}.{wanted.revision}.toml"
    if not old.is_file():
        raise SchemeError(
            f"{wanted.id} has no revision {wanted.revision}; the newest is {current.revision}"
        )
    return _read(old)


def load(reference: str | Path, set: Mapping[str, Any] | None = None) -> Scheme:
    """A scheme by preset id (``wine-points``, ``wine-points@1``) or by path to a preset file.

    ``set`` maps dotted keys to values, for example ``{"points_pool.fee": 0.2, "horizon": 365}``;
    ``None`` or ``"none"`` switches an optional number off. Raises SchemeError, one sentence.
    """
    if isinstance(reference, Path) or reference.endswith(".toml"):
        path = Path(reference)
        found = _read(path)
        try:
            found.scheme()
        except SchemeError as error:
            raise SchemeError(f"{_called(path)}: {error}") from None
        return found.scheme(set)
    return preset(reference).scheme(set)


def real_case(scheme: Scheme) -> Preset | None:
    """The real case whose rules a scheme has, with a reader's changes or without; else None."""
    if scheme.id not in presets(kind="real_case"):
        return None
    return preset(f"{scheme.id}@{scheme.revision}")
