"""The figure that needs no server: one HTML file with the rules in it as plain loops.

The script (``kernels.js``, ``figure.js``) plays every order anew when a knob is moved. What a knob
does to its numbers is not said twice: for every stop of a knob the model itself is asked, and the
file holds what then differs. :func:`figure` gives none where the loops cannot play a scheme, or
where two knobs act on each other so that the difference of one is not that of both.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.arrays import Floats
from model.library import real_case
from model.preset import SchemeError
from model.result import Result
from model.scheme import Scheme
from view.light import kernels
from view.settings.state import Settings
from view.words.format import count, yuan
from view.words.words import Words

_HERE: Final = Path(__file__).resolve().parent
SCRIPT: Final = kernels.SCRIPT.read_text("utf-8") + (_HERE / "figure.js").read_text("utf-8")
#: Knobs of a figure, and the most stops of one.
MOST_KNOBS, MOST_STOPS = 4, 41
#: Bars over joining time; units of the drawing: width, height, room at the left, right and below.
BARS, WIDTH, HEIGHT, BELOW = 40, 600, 200, 30
#: Orders that the script plays: more would make a hand wait.
MOST_ORDERS: Final = 2_000_000
#: Mixtures of stops that are tried before a figure is given.
TRIED: Final = 12

Path_ = tuple[str | int, ...]
#: A headline knob: its key, its label, and (value, text) of its stops.
Offered = tuple[str, str, Sequence[tuple[Any, str]]]


@dataclass(frozen=True, kw_only=True)
class Knob:
    """One knob: its stops as people read them, which one holds, and what each sets in the script.

    values: of the setting, in the model's units.
    """

    key: str
    label: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]
    at: int
    sets: tuple[tuple[tuple[Path_, Any], ...], ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Everything the file holds."""

    base: Mapping[str, Any]
    knobs: tuple[Knob, ...]
    finding: str
    path: str
    line: float
    words: Mapping[str, str]
    lang: str

    @property
    def data(self) -> str:
        """For the script, as JSON that ends no element."""
        told = {
            "base": self.base,
            "knobs": [
                {
                    "at": knob.at,
                    "texts": knob.texts,
                    "sets": [[[list(path), value] for path, value in one] for one in knob.sets],
                }
                for knob in self.knobs
            ],
            "words": self.words,
            "lang": self.lang,
            "bars": BARS,
            "width": WIDTH,
            "height": HEIGHT,
            "most": MOST_ORDERS,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def figure(
    settings: Settings,
    result: Result,
    offered: Sequence[tuple[str, str, Sequence[tuple[Any, str]]]],
    w: Words,
) -> Figure | None:
    """The figure of a scheme; None where there is none."""
    scheme = settings.scheme()
    # Under a real name nobody's return is told from numbers of ours.
    base = kernels.settings_for(scheme) if real_case(scheme) is None else None
    if base is None or result.ticks != scheme.horizon or kernels.orders(scheme) > MOST_ORDERS:
        return None
    knobs: list[Knob] = []
    for key, label, stops in offered:
        knob = _knob(settings, base, key, label, stops)
        if knob is not None and len(knobs) < MOST_KNOBS:
            knobs.append(knob)
    if not knobs or not _hold_together(settings, base, knobs):
        return None
    joined, paid = cohorts(result)
    spend = scheme.order.mean_spend
    return Figure(
        base=base,
        knobs=tuple(knobs),
        finding=sentence(joined, paid, spend=spend, time=time_of(scheme, w), w=w),
        path=path_of(joined, paid, spend=spend),
        line=line_of(joined, paid, spend=spend),
        words=_words(scheme, w),
        lang=w.lang,
    )


def _words(scheme: Scheme, w: Words) -> Mapping[str, str]:
    names = {name: f"{{{name}}}" for name in ("back", "first", "middle", "spend")}
    return {
        "said": w("figure.said", time=time_of(scheme, w), **names),
        "nobody": w("figure.nobody"),
        "many": w("figure.many"),
    }


# -- what a knob does ---------------------------------------------------------------------------


def _knob(
    settings: Settings,
    base: Mapping[str, Any],
    key: str,
    label: str,
    stops: Sequence[tuple[Any, str]],
) -> Knob | None:
    now = settings.scheme().get(key)
    if len(stops) > MOST_STOPS:
        kept = {round(k * (len(stops) - 1) / (MOST_STOPS - 1)) for k in range(MOST_STOPS)}
        kept |= {k for k, (value, _) in enumerate(stops) if value == now}
        stops = [stops[k] for k in sorted(kept)]
    found = []
    for value, text in stops:
        numbers = with_(settings, {key: value})
        if numbers is not None:
            found.append((value, text, tuple(_differs(base, numbers))))
    at = next((k for k, (value, _, _) in enumerate(found) if value == now), None)
    if at is None or len(found) < 2:
        return None
    return Knob(
        key=key,
        label=label,
        texts=tuple(text for _, text, _ in found),
        values=tuple(value for value, _, _ in found),
        at=at,
        sets=tuple(sets for _, _, sets in found),
    )


def with_(settings: Settings, changes: Mapping[str, Any]) -> dict[str, Any] | None:
    """The script's numbers with some settings changed; None where they do not hold or cannot be."""
    scheme = changed(settings, changes)
    return None if scheme is None else kernels.settings_for(scheme)


def changed(settings: Settings, changes: Mapping[str, Any]) -> Scheme | None:
    """The scheme with some settings changed, growth taken as the page takes it."""
    told = {**settings.changes, **changes}
    if "demand.growth" in changes:
        told["demand.kind"] = "growing" if changes["demand.growth"] else "steady"
    try:
        return settings.preset.scheme(told)
    except SchemeError:
        return None


def _differs(a: Any, b: Any, at: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Where two sets of numbers differ, and what the second has there."""
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        for key in a:
            yield from _differs(a[key], b[key], (*at, key))
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for place, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _differs(one, other, (*at, place))
    elif a != b:
        yield at, b


def applied(base: Mapping[str, Any], sets: Sequence[Sequence[tuple[Path_, Any]]]) -> Any:
    """The script's numbers after each knob has set its own, as the script does it."""
    found: Any = copy.deepcopy(dict(base))
    for one in sets:
        for path, value in one:
            place = found
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = copy.deepcopy(value)
    return found


def _hold_together(settings: Settings, base: Mapping[str, Any], knobs: Sequence[Knob]) -> bool:
    """Whether what the knobs set one by one is what the model says of all of them."""
    # Every stop of every knob is met, beside others of the others.
    longest = max(len(knob.values) for knob in knobs)
    mixtures = [
        [(7 * k + at * (2 * k + 1)) % len(knob.values) for k, knob in enumerate(knobs)]
        for at in range(max(longest, TRIED))
    ]
    mixtures += [[0] * len(knobs), [len(knob.values) - 1 for knob in knobs]]
    held = 0
    for mixture in mixtures:
        changes = {k.key: k.values[at] for k, at in zip(knobs, mixture, strict=True)}
        wanted = with_(settings, changes)
        if wanted is None:
            continue  # the script says of too many orders that there are too many
        if applied(base, [k.sets[at] for k, at in zip(knobs, mixture, strict=True)]) != wanted:
            return False
        held += 1
    return held > 0


def time_of(scheme: Scheme, w: Words) -> str:
    """How long the figure plays, in words."""
    key = "format.days" if scheme.tick == "day" else "finding.orders"
    return w(key, n=count(scheme.horizon, w.lang))


# -- what is shown ------------------------------------------------------------------------------


def cohorts(result: Result) -> tuple[Floats, Floats]:
    """Orders, and yuan that they have had back, of every tick of a run; shape (ticks,)."""
    table = result.cohorts
    joined, paid = np.zeros(result.ticks), np.zeros(result.ticks)
    at = table.index.to_numpy() - 1
    joined[at], paid[at] = table["buyers"].to_numpy(), table["received"].to_numpy()
    return joined, paid


def sentence(joined: Floats, paid: Floats, *, spend: float, time: str, w: Words) -> str:
    """How much of each ¥100 has come back, and what those had who came first and in the middle."""
    there = np.flatnonzero(joined > 0)
    if not len(there):
        return w("figure.nobody")
    upto = np.cumsum(joined)
    first, middle = int(there[0]), int(np.searchsorted(upto, upto[-1] / 2))
    return w(
        "figure.said",
        time=time,
        back=yuan(100 * float(paid.sum()) / (float(upto[-1]) * spend), w.lang),
        first=yuan(float(paid[first] / joined[first]), w.lang),
        middle=yuan(float(paid[middle] / joined[middle]), w.lang),
        spend=yuan(spend, w.lang),
    )


def bars(joined: Floats, paid: Floats) -> list[float]:
    """Yuan that one buyer has had back, for each of :data:`BARS` stretches of joining time."""
    ticks, found = len(joined), []
    for k in range(BARS):
        low, high = k * ticks // BARS, max((k + 1) * ticks // BARS, k * ticks // BARS + 1)
        orders = float(joined[low:high].sum())
        found.append(float(paid[low:high].sum()) / orders if orders > 0 else 0.0)
    return found


def _top(joined: Floats, paid: Floats, spend: float) -> float:
    return max(*bars(joined, paid), spend) * 1.1


def line_of(joined: Floats, paid: Floats, *, spend: float) -> float:
    """How far down the line of the price is, to a tenth."""
    return _tenth(HEIGHT * (1 - spend / _top(joined, paid, spend)))


def path_of(joined: Floats, paid: Floats, *, spend: float) -> str:
    """The bars as one path."""
    top, step = _top(joined, paid, spend), WIDTH / BARS
    return "".join(
        f"M{_written(_tenth(k * step))} {HEIGHT}v{_written(-_tenth(HEIGHT * value / top))}"
        f"h{_written(step - 3)}V{HEIGHT}z"
        for k, value in enumerate(bars(joined, paid))
        if _tenth(HEIGHT * value / top) > 0
    )


def _tenth(x: float) -> float:
    """Rounded to a tenth, without what sums in another order leave beyond twelve digits."""
    return float(np.floor(float(f"{x:.11e}") * 10 + 0.5) / 10)


def _written(x: float) -> str:
    return f"{x:g}"
