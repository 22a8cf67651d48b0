"""No leaps: one step of a knob moves a headline figure only as far as smaller steps do.

A step is halved again and again towards the half in which a figure changes more. Where the change
does not shrink with the step, the figure leaps. Leaps that the rules themselves have stand in
:data:`LEAPS`, each with its reason; any other is an error of ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from model import load, presets, simulate
from model.library import SchemeError, preset
from model.scheme import Scheme, scheme_parameters
from view import answers, context, knobs

assert context  # registers the parameters' English words
#: Halvings of a step: what is left of it is a 250th.
HALVINGS = 8
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
    return figures(load(name, dict(changes)), name)


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


@pytest.mark.parametrize(("name", "key"), cases())
def test_a_step_of_a_knob_makes_no_leap(name, key):
    scheme = load(name)
    parameter, value = scheme_parameters(scheme)[key], scheme.get(key)
    if value is None:
        pytest.skip("switched off in this preset")
    step = parameter.step or 0.01
    mechanism = scheme.mechanism(key.rpartition(".")[0])
    kind = key if mechanism is None else f"{mechanism.kind}.{key.rpartition('.')[2]}"
    for low, high in ((value, value + step), (value - step, value)):
        found = leaps(name, key, low, high)
        assert {figure for figure in found if not allowed(figure, kind, name)} == set(), found
