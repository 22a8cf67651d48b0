"""What a reader has set, kept in the page's address.

The address is the only memory: it is read when it is new (first request, a link, the Back button)
and written after every change, leaving out what the preset says anyway. A link carries the preset
with its revision, so that it keeps its numbers when the preset is revised. What cannot be used is
named in one sentence and replaced by the preset's value.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from model.fields import Parameter, plain
from model.library import preset, presets
from model.preset import OWN, Preset, SchemeError
from model.scheme import Scheme, named_parameters
from view.words.plain import quoted
from view.words.words import LANGS

#: Keys of the address that are no parameters of the scheme.
LANGUAGE = "lang"
PRESET = "scheme"
#: Longer values are nobody's settings.
MAX_VALUE = 2000
MAX_KEYS = 120
#: What the pages themselves have or had in their addresses.
PARTS = frozenset(
    [
        "before",
        "buyer",
        "case",
        "case_growth",
        "claim",
        "claims",
        "commission",
        "constant",
        "each",
        "falling",
        "for",
        "group",
        "joined",
        "knobs",
        "leave",
        "mine",
        "other",
        "own",
        "package",
        "per_day",
        "picture",
        "programme",
        "promise",
        "pull",
        "ranks",
        "recruits",
        "said",
        "seed",
        "sell",
        "stars",
        "step",
        "stop",
        "stopping",
        "unsure",
        "upto",
        "view",
        "who",
        "with",
        "zoom",
    ]
)


@dataclass(frozen=True)
class Problem:
    """Something in the address that could not be used: a catalogue key and its placeholders."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """The preset, what was changed of it, and the page's own settings."""

    preset: Preset
    changes: Mapping[str, Any]
    page: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    #: The newest revision, if the link carries an older one.
    newest: int | None = None

    def scheme(self) -> Scheme:
        """The scheme these settings describe."""
        return self.preset.scheme(self.changes)


class Form(tuple[str, ...]):
    """How a value of a page's own looks where its words are not listed: the tuple of them is empty.

    ``read`` gives, for a key and what stands there, what of it can be used (or nothing) and what
    is wrong with it.
    """

    read: Callable[[str, str], tuple[str, Problem | None]]


def _form(read: Callable[[str, str], tuple[str, Problem | None]]) -> Form:
    form = Form()
    form.read = read
    return form


def whole(low: int = 0, high: int = 10**15 - 1) -> Form:
    """A whole number; one beyond these bounds is named, and the page takes the nearest."""

    def read(key: str, text: str) -> tuple[str, Problem | None]:
        values = {"key": key, "value": quoted(text)}
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
        if number is None or not low <= number <= high:
            values |= {"low": plain(low), "high": plain(high, 16)}
            return text if number is not None else "", Problem("url.whole", values)
        return text, None

    return _form(read)


def number(low: float, high: float) -> Form:
    """A number between bounds."""

    def read(key: str, text: str) -> tuple[str, Problem | None]:
        value = value_of(text)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            values = {"key": key, "value": quoted(text), "low": plain(low), "high": plain(high)}
            return "", Problem("url.number", values)
        return text, None

    return _form(read)


def names(known: Callable[[str], bool]) -> Form:
    """Names joined by commas; those that are not known are left out, the first of them named."""

    def read(_key: str, text: str) -> tuple[str, Problem | None]:
        given = [name.strip() for name in text.split(",")]
        found = [name for name in given if not name or known(name)]
        if len(found) == len(given):
            return text, None
        strange = next(name for name in given if name and not known(name))
        return ",".join(found), Problem("url.unknown", {"key": quoted(strange)})

    return _form(read)


def names_a_scheme(query: Mapping[str, str]) -> bool:
    """Whether an address says anything of the scheme or its numbers."""
    return any(key == PRESET or key in known for known in _all_known() for key in query)


@lru_cache(maxsize=1)
def _all_known() -> tuple[Mapping[str, Parameter], ...]:
    """The parameters of every preset."""
    return tuple(named_parameters(preset(id_).parts) for id_ in presets())


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    """What stands before the dot in the name of a number; those of the claims are "claim"."""
    found = {key.partition(".")[0] for known in _all_known() for key in known if "." in key}
    return frozenset({*found, "claim"})


def ours(key: str, page: Mapping[str, Any]) -> bool:
    """Whether a part of an address can have been meant for a page of ours.

    Chats, networks and counters add parts of their own to a link; whoever opens it has not, and is
    told nothing of them. What a page of ours has or had, and what looks like a number of a scheme,
    is not passed over.
    """
    if key in page or key in {LANGUAGE, PRESET} or key in PARTS:
        return True
    head, dot, _ = key.partition(".")
    return (bool(dot) and head in _heads()) or any(key in known for known in _all_known())


def parse(query: Mapping[str, str], *, page: Mapping[str, tuple[str, ...]]) -> Settings:
    """Read an address.

    ``page``: the page's own keys with their allowed values, the default first, or their
    :class:`Form`.
    """
    problems: list[Problem] = []
    if query.get(LANGUAGE, LANGS[0]) not in LANGS:
        problems.append(_choice(LANGUAGE, query[LANGUAGE], LANGS))
    chosen, newest = _preset(query.get(PRESET), problems)
    known = named_parameters(chosen.parts)
    # A scheme put together by a reader has names of its own before the dot.
    heads = tuple(f"{name}." for _, name in chosen.parts)
    given = [(key, text) for key, text in query.items() if key.startswith(heads) or ours(key, page)]
    wanted = {key: text for key, text in given[:MAX_KEYS] if key in known}
    changes = _changes(chosen, {key: text for key, text in wanted.items() if key not in page})
    own: dict[str, str] = {}
    for position, (key, text) in enumerate(given):
        if key in {LANGUAGE, PRESET}:
            continue
        if position >= MAX_KEYS:
            problems.append(Problem("url.too_many", {"most": str(MAX_KEYS)}))
            break
        if key in page:
            allowed = page[key]
            if isinstance(allowed, Form):
                # Nothing there is nothing said.
                own[key], problem = allowed.read(key, text[: MAX_VALUE + 1]) if text else ("", None)
                problems += [problem] if problem is not None else []
            elif text in allowed:
                own[key] = text
            else:
                problems.append(_choice(key, text, allowed))
        elif key not in known:
            # A number of another scheme is no mistake: it has nothing to say here.
            if not any(key in others for others in _all_known()):
                problems.append(Problem("url.unknown", {"key": quoted(key)}))
        elif key not in changes:
            problems.append(refused(known[key], text))
    for key, allowed in page.items():
        if allowed:
            own.setdefault(key, allowed[0])
    return Settings(chosen, changes, own, tuple(problems), newest)


def _choice(key: str, text: str, allowed: tuple[str, ...]) -> Problem:
    values = {"key": key, "value": quoted(text), "allowed": ", ".join(filter(None, allowed))}
    return Problem("url.choice", values)


def _preset(reference: str | None, problems: list[Problem]) -> tuple[Preset, int | None]:
    first = presets()[0]
    if reference is None:
        return preset(first), None
    name = reference.partition("@")[0]
    try:
        found = preset(reference)
    except SchemeError:
        if name in presets():
            problems.append(Problem("url.revision", {"value": quoted(reference), "id": name}))
            return preset(name), None
        problems.append(
            Problem("url.scheme", {"value": quoted(reference), "allowed": ", ".join(presets())})
        )
        return preset(first), None
    if reference.startswith(OWN):
        return found, None
    newest = preset(name).revision
    return found, newest if newest != found.revision else None


def _changes(chosen: Preset, texts: Mapping[str, str]) -> dict[str, Any]:
    """Those of an address's numbers that can be used.

    All together if they hold: on the way there, one by one, they need not (two lists that go with
    the packages, shares of which one makes room for the other). Else all but the one that does not
    fit, else as many as hold when they are set in turn.
    """
    values = {key: value_of(text) for key, text in texts.items() if len(text) <= MAX_VALUE}
    for without in (None, *values):
        some = {key: value for key, value in values.items() if key != without}
        if holds(chosen, some):
            return some
    found: dict[str, Any] = {}
    for key, value in values.items():
        if holds(chosen, {**found, key: value}):
            found[key] = value
    return found


def holds(chosen: Preset, changes: Mapping[str, Any]) -> bool:
    """Whether a preset takes these changes together."""
    try:
        chosen.scheme(changes)
    except SchemeError:
        return False
    return True


def refused(parameter: Parameter, text: str) -> Problem:
    """One sentence on a value that cannot be used, with what is allowed."""
    values = {"param": parameter.key, "value": quoted(text)}
    value, low, high = value_of(text), parameter.minimum, parameter.maximum
    if parameter.choices:
        if value in parameter.choices:
            return Problem("url.together", values)
        return Problem("url.one_of", {**values, "allowed": ", ".join(parameter.choices)})
    if low is None or high is None:
        return Problem("url.list", values)
    is_whole = parameter.unit in {"ticks", "count"}
    if isinstance(value, int | float) and not isinstance(value, bool):
        above = value > low or (value == low and not parameter.exclusive_minimum)
        below = value < high or (value == high and not parameter.exclusive_maximum)
        if above and below and (not is_whole or value == int(value)):
            return Problem("url.together", values)
    values |= {"low": plain(low), "high": plain(high)}
    if is_whole:
        return Problem("url.range_whole", values)
    if parameter.exclusive_minimum:
        return Problem("url.range_above", values)
    if parameter.exclusive_maximum:
        return Problem("url.range_below", values)
    return Problem("url.range", values)


def value_of(text: str) -> Any:
    """A value as written in an address: number, list, none, or a word."""
    try:
        value = json.loads(text) if len(text) <= MAX_VALUE else text
    except (ValueError, RecursionError):
        return text
    if isinstance(value, float) and not math.isfinite(value):
        return text
    return value


def written(value: Any) -> str:
    """The other way round; floats as short as they can be without losing a digit."""
    if value is None:
        return "none"
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, separators=(",", ":"))


def changed(chosen: Preset, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``values`` that differ from the preset."""
    base = chosen.scheme()
    return {key: value for key, value in values.items() if not _same(base.get(key), value)}


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15)
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return json.dumps(a) == json.dumps(b)
    return bool(a == b)


def address(
    chosen: Preset,
    changes: Mapping[str, Any],
    *,
    page: Mapping[str, str],
    defaults: Mapping[str, tuple[str, ...]],
    keep: Mapping[str, str],
) -> dict[str, str]:
    """The query that restores these settings; ``keep`` goes through unchanged (the language)."""
    query = dict(keep)
    query[PRESET] = chosen.reference
    for key, text in page.items():
        allowed = defaults.get(key, ())
        if text and (not allowed or text != allowed[0]):
            query[key] = text
    for key, value in changes.items():
        query[key] = written(value)
    return query
