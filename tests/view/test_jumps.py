"""No leaps: one step of a knob moves a headline figure only as far as smaller steps do.

A step is halved again and again towards the half in which a figure changes more. Where the change
does not shrink with the step, the figure leaps. Leaps that the rules themselves have stand in
:data:`LEAPS`, each with its reason; any other is an error of ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
import pytest

from model import load, presets, simulate
from model.library import preset
from model.preset import SchemeError
from model.scheme import Scheme, scheme_parameters
from model.yardstick import yardstick
from tests.model.agree import SEARCH
from tests.view.numbers_said import heard
from view.mechanisms.refund_queue.said import PACE
from view.parts import context, knobs
from view.sentences import answers

assert context  # registers the parameters' English words
#: Halvings of a step: what is left of it is a 250th.
HALVINGS = 8
#: Ticks of the runs, where no longer search is asked for.
STEP_TICKS = 200
#: A change of less than this part of the figure is nobody's leap.
TINY = 0.01
STEADY = frozenset({"share", "yuan", "multiple", "rate"})

#: (figure, key of the knob's kind): why the rules leap there.
LEAPS: dict[tuple[str, str], str] = {
    ("even", "refund_queue.refund"): "a refund of the whole price makes everybody paid even, "
    "one of a yuan less makes nobody",
}
#: The same for programmes that promise exactly what an order brings in.
EDGE = {
    "own": "at the least promise more, what is missing is taken from later orders, theirs from "
    "still later ones, and within the run nobody is paid out of the own order alone",
}


def allowed(figure: str, kind: str, name: str) -> bool:
    """Whether the rules have this leap."""
    return (figure, kind) in LEAPS or (preset(name).kind == "sound" and figure in EDGE)


def figures(scheme: Scheme, name: str) -> dict[str, tuple[float, float]]:
    """The numbers that headlines are made of, each with the least it can change by.

    Buyers of one day are alike, so that a whole day's become even together; an exit is paid whole.
    """
    chosen = preset(name)
    offer = answers.offer(scheme, chosen, {})
    result = simulate(scheme)
    totals = result.totals
    buyers = max(totals["buyers"], 1.0)
    split = result.exit_split(bins=24).sum(axis=0)
    paid = float(split.sum())
    exit_ = scheme.order.mean_spend if offer.most is None else offer.most.high
    exit_ *= max(price for price, _ in scheme.order.choices) / offer.spend
    found = {
        "reaches": (offer.reaches.high, 0.0),
        "most": (math.inf if offer.most is None else offer.most.high, 0.0),
        "received": (float(result.cohorts["received"].sum()) / buyers, exit_ / buyers),
        "own": (float(split["own"]) / paid, exit_ / paid) if paid else (0.0, 0.0),
        "even": (totals["even"] / buyers, float(result.line.orders.max()) / buyers),
    }
    return {key: value for key, value in found.items() if math.isfinite(value[0])}


def at(name: str, changes: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    short = {} if SEARCH > 1 else {"horizon": min(load(name).horizon, STEP_TICKS)}
    return figures(load(name, short | dict(changes)), name)


def leaps(name: str, key: str, low: float, high: float) -> dict[str, tuple[float, float, float]]:
    """Figures whose change does not shrink with the step: where, from what, to what."""
    try:
        before, after = at(name, {key: low}), at(name, {key: high})
    except SchemeError:
        return {}
    found = {}
    for figure in before.keys() & after.keys():
        (fa, grain), (fb, other) = before[figure], after[figure]
        a, b = low, high
        small = max(TINY * max(abs(fa), abs(fb)), 1.01 * max(grain, other))
        for _ in range(HALVINGS):
            if abs(fb - fa) <= small:
                break
            middle = (a + b) / 2
            fm = at(name, {key: middle})[figure][0]
            if abs(fm - fa) >= abs(fb - fm):
                b, fb = middle, fm
            else:
                a, fa = middle, fm
        else:
            found[figure] = (a, fa, fb)
    return found


def kind_of(scheme: Scheme, key: str) -> str:
    """The key with the kind of the mechanism instead of its name."""
    mechanism = scheme.mechanism(key.rpartition(".")[0])
    return key if mechanism is None else f"{mechanism.kind}.{key.rpartition('.')[2]}"


def cases() -> list[tuple[str, str]]:
    """The two most important knobs that move without steps, of every preset."""
    return [
        (name, key)
        for name in presets()
        for key in [
            key
            for key in knobs.headline(load(name))
            if scheme_parameters(load(name))[key].unit in STEADY
        ][:2]
    ]


@pytest.mark.part(6)
@pytest.mark.parametrize(("name", "key"), cases())
def test_a_step_of_a_knob_makes_no_leap(name, key):
    scheme = load(name)
    parameter, value = scheme_parameters(scheme)[key], scheme.get(key)
    if value is None:  # switched off in this preset: as a reader who switches it on
        value = sum(parameter.slider) / 2
    step = parameter.step or 0.01
    kind = kind_of(scheme, key)
    for low, high in ((value, value + step), (value - step, value)):
        found = leaps(name, key, low, high)
        assert {figure for figure in found if not allowed(figure, kind, name)} == set(), found


# -- every number of every finding -----------------------------------------------------------------

#: Ticks of the runs whose sentences are read.
SAID_TICKS = 60
#: Halvings of a knob's whole range.
FINE = 12
#: Parts of a range, so that a number is followed also where the ends say something else.
PARTS = 6
#: Whole orders; a day's are alike, and become even, leave or are called together.
ORDERS = frozenset(
    {"even", "less", "left", "waiting", "used", "gone", "nothing", "orders", "refunded", "placed"}
)
#: Whole yuan of a hundred, and days.
WHOLE = frozenset({"own", "others", "ads", "rest", "day", "since", "short", "none", "days"})
#: The same count said as odds, and rules' own numbers that the knob itself sets.
SKIPPED = frozenset({"one_in", "buyers", "time", "spend"})

#: (number, key of the knob's kind): why the rules leap there, and what the sentence says of it.
SAID_LEAPS: dict[tuple[str, str], str] = {
    (number, "platform.minimum"): "with a smallest withdrawal what is released is taken off the "
    "credit into a wallet, paid or not; without one what is not paid stays in the credit"
    for number in ("panel.release:due", "finding:even", "panel.returns:even")
}


class Told:
    """What a run says, by name of the number; how much money moved; a day's orders."""

    def __init__(self, scheme: Scheme) -> None:
        result = simulate(scheme)
        said = heard(result)
        self.numbers = {
            name: number
            for name, number in said.numbers.items()
            if name.partition(":")[2] not in SKIPPED
        }
        # Nobody is told without a number; so is everybody whose part of a refund is all of it.
        for name, keys in {
            "finding:even": {"finding.even_none", "finding.mixed_none"},
            "panel.returns:even": {"panel.returns.nobody", "panel.returns.capped"},
        }.items():
            if keys & said.keys_said:
                self.numbers.setdefault(name, 0.0)
        if {"finding.queue", "finding.queue.part"} & said.keys_said:
            self.numbers.setdefault("finding:part", 100.0)
        self.explained = bool(
            {"finding.best", "finding.forced", "panel.returns.capped"} & said.keys_said
        )
        found = yardstick(scheme)
        for name in ("back", "promised", "growth", "short_tick", "empty_tick"):
            number = getattr(found, name)
            if number is not None and math.isfinite(number):
                self.numbers[f"yardstick:{name}"] = number
        self.money = {name: result.totals[name] for name in ("received", "pool", "spent")}
        self.day = float(result.line.orders.max())
        self.growth = found.growth or 0.0
        promised = result.series["promised"].to_numpy()
        self.per_tick = float(np.max(np.abs(np.diff(promised, prepend=0.0))))

    def moved(self, other: Told) -> float:
        """By what part money moved between the two."""
        return max(
            abs(self.money[name] - other.money[name])
            / max(self.money[name], other.money[name], 1.0)
            for name in self.money
        )

    def grain(self, name: str, other: Told, *, moved: float = 0.0) -> float:
        """How far ``name`` may move between two runs whose money differs by the part ``moved``."""
        number = name.partition(":")[2]
        a, b = self.numbers[name], other.numbers[name]
        size = max(abs(a), abs(b))
        allowed_ = max(0.015, 2 * moved) * size
        if number in ORDERS:
            return allowed_ + 1.01 * max(self.day, other.day) + 1
        if number in {"back", "promised"}:
            # What is paid once a day is reached on a day: a day of the growth it takes.
            steep = 0.015 * abs(math.log(max(size, 1.0)))
            return allowed_ + (math.expm1(steep) + max(self.growth, other.growth)) * size
        if number in {"short_tick", "empty_tick"}:
            # Where what is due hardly grows any more, a little money covers several days.
            return allowed_ + 2.01
        if number in WHOLE:
            return allowed_ + 1.01
        if number == "wait":
            # A day's orders more or fewer in the days looked at; in whole months, or years.
            of_day = 1.01 * max(self.day, other.day) / PACE
            waiting = max(self.numbers["finding:waiting"], 1.0)
            slower = waiting / max(waiting / min(a, b) - of_day, waiting / 1e9)
            return allowed_ + max(slower - min(a, b), 0.0) + (31.0 if size < 1000 else 366.0)
        if number == "owed":  # as of a day
            return allowed_ + 1.01 * max(self.per_tick, other.per_tick)
        return allowed_ + 0.011


def allowed_end(name: str, key: str, value: float, end: float) -> float:
    """``end``, or what lies nearer to ``value`` where other settings leave less room."""
    for _ in range(8):
        try:
            load(name, {key: end})
        except SchemeError:
            end = (end + value) / 2
        else:
            return end
    return value


def said_leaps(
    name: str, key: str, low: float, high: float, also: Mapping[str, object]
) -> dict[str, tuple[float, float, float]]:
    """Numbers of sentences and yardstick that leap somewhere between two values of a knob."""
    known: dict[float, Told] = {}

    def told(value: float) -> Told:
        if value not in known:
            known[value] = Told(load(name, {"horizon": SAID_TICKS, **also, key: value}))
        return known[value]

    value = load(name).get(key)
    low, high = (allowed_end(name, key, value, end) for end in (low, high))
    found: dict[str, tuple[float, float, float]] = {}
    step = scheme_parameters(load(name))[key].step or 0.01
    parts = PARTS if high - low > 2 * step else 1
    for start, end in pairwise(np.linspace(low, high, parts + 1).tolist()):
        for number in sorted(told(start).numbers.keys() & told(end).numbers.keys()):
            leap = _leap(told, number, start, end)
            if leap is not None:
                found[number] = leap
    return found


def _leap(
    told: Callable[[float], Told], number: str, a: float, b: float
) -> tuple[float, float, float] | None:
    """(where, from, to) if a number leaps between ``a`` and ``b``."""
    for _ in range(FINE):
        one, two = told(a), told(b)
        fa, fb = one.numbers[number], two.numbers[number]
        if abs(fb - fa) <= one.grain(number, two):
            return None
        middle = (a + b) / 2
        half = told(middle).numbers.get(number)
        if half is None:  # said of something else there
            return None
        a, b = (a, middle) if abs(half - fa) >= abs(fb - half) else (middle, b)
    one, two = told(a), told(b)
    fa, fb = one.numbers[number], two.numbers[number]
    if abs(fb - fa) <= one.grain(number, two, moved=one.moved(two)):
        return None
    if number.endswith(":even") and (one.explained or two.explained):
        return None
    return a, fa, fb


def ranges() -> list[tuple[str, str, float, float]]:
    """Knobs that move without steps, of the presets that use them: (preset, key, from, to).

    Those of fixed promises that come first over their whole sliders, the others over a step. A
    longer search asks every preset; otherwise a knob is asked of one preset with a single mechanism
    and of one with several.
    """
    found, asked = [], set()
    for name in presets():
        scheme = load(name)
        for key, parameter in scheme_parameters(scheme).items():
            value = scheme.get(key)
            if parameter.unit not in STEADY or not isinstance(value, int | float):
                continue
            fixed = scheme.first("refund_queue") or scheme.first("scheduled_release")
            if fixed and key in knobs.headline(scheme)[:3] and parameter.slider:
                low, high = parameter.slider
            else:
                low, high = value, value + (parameter.step or 0.01)
            if parameter.maximum is not None:
                high = min(high, parameter.maximum)
            kind = kind_of(scheme, key), len(scheme.mechanisms) > 1
            if low < high and (SEARCH > 1 or kind not in asked):
                asked.add(kind)
                found.append((name, key, low, high))
    return found


@pytest.mark.part(6)
@pytest.mark.parametrize(("name", "key", "low", "high"), ranges())
def test_no_number_of_a_sentence_leaps_anywhere_on_a_slider(name, key, low, high):
    scheme = load(name)
    also: dict[str, object] = {}
    if scheme.first("refund_queue"):
        also["platform.policy"] = "cut"
    if scheme.demand.orders_per_tick < 10:
        # Where a single order is a good part of all of them, one more is a leap of its own.
        also |= {"demand.kind": "steady", "demand.orders_per_tick": 100}
    kind = kind_of(scheme, key)
    found = said_leaps(name, key, low, high, also)
    known = {number for number in found if (number, kind) in SAID_LEAPS}
    if preset(name).kind == "sound":
        # See EDGE.
        known |= {"panel.funding:own", "panel.funding:others"}
    assert found.keys() - known == set(), found


@pytest.mark.parametrize("share", [0.233, 0.23, 0.2])
def test_the_part_that_was_refunded_moves_as_the_money_does(share):
    """Before it was told, 12,200 refunded orders became none for 1.4 % less money."""
    also = {"platform.policy": "cut"}
    full, less = (
        heard(simulate(load("three-in-one-out", {**also, "refund_queue.share": x}))).numbers
        for x in (0.234, share)
    )
    assert full["finding:left"] == less["finding:left"] == 12_200
    assert less["finding:part"] == pytest.approx(100 * share / 0.23333, rel=2e-3)
