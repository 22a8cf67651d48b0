"""A preset: a scheme whose every number says its unit, where it comes from, and how good it is."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from model.fields import UNITS, Frozen, Parameter
from model.scheme import KINDS, Named, Scheme, named_parameters

PRESETS = Path(__file__).resolve().parent.parent / "presets"
#: What the reference of a reader's own scheme begins with: ``own:points_pool+commission``.
OWN = "own:"


class SchemeError(ValueError):
    """Something about a scheme cannot be used; the message is one sentence for people."""


class Text(Frozen):
    """A short text in English and Simplified Chinese."""

    en: str = Field(max_length=600, pattern=r"\S")
    zh: str = Field(max_length=600, pattern=r"\S")


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


def _known_kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"unknown kind {value!r}; known: {', '.join(KINDS)}")
    return value


#: A kind of mechanism.
MechanismKind = Annotated[str, AfterValidator(_known_kind)]


class Part(Frozen):
    """One mechanism of a preset; its numbers are among the preset's values."""

    kind: MechanismKind
    name: str = Field(default="", pattern=r"^([a-z][a-z0-9_]{0,39})?$")


class Preset(Frozen):
    """A preset file: every number with unit, source and quality."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    revision: int = Field(ge=1, le=10_000)
    date: str
    kind: Kind
    family: MechanismKind
    name: Text
    summary: Text
    value: tuple[Value, ...]
    figure: tuple[Figure, ...] = Field(default=(), max_length=100)
    fact: tuple[Fact, ...] = Field(default=(), max_length=100)
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
            if item.quality != "stated" and item.note is None:
                raise ValueError(f"{item.key}: a number that is not stated needs a note")
            if item.quality == "stated" and item.source in sources():
                told = sources()[item.source].kind
                if told == "own":
                    raise ValueError(f"{item.key}: {item.source} states nothing; say assumed")
        for figure in self.figure:
            for key, _ in figure.set:
                if key not in known:
                    raise ValueError(f"{short(key)}: a figure is set by a key that does not exist")
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
        raise SchemeError(f"unknown key {short(key)}{hint}")
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
        return f"{key}: {short(given)} is not allowed; allowed: {parameter.allowed()}"
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "literal_error":
        message = f"{short(given)} is not allowed; allowed: {first['ctx']['expected']}"
    return f"{key}: {message}" if key else message


def short(value: object) -> str:
    """A value fit for a message of one line."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every source a preset may name, by id."""
    document = tomllib.loads((PRESETS / "sources.toml").read_text(encoding="utf-8"))
    return {key: Source.model_validate(value) for key, value in document.items()}
