"""The figures a pitch publishes, beside the model's."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np

from model.asked.answers import answers
from model.asked.published import Published
from model.preset import Figure, Preset
from model.result import Result
from model.scheme import KINDS, Scheme
from model.simulate import simulate

#: Of one tick's orders, by the end of the run.
PER_BUYER = frozenset({"received", "held_value"})
#: What a column of ``series`` is called where it does not hold points.
COLUMNS = {"credit": "points", "units": "points", "unit_paid": "price"}
#: Payments to the shop, and why: all of them, or what the points shop pays it.
TO_THE_SHOP = {"merchant": None, "points_shop": "points shop"}

#: What only a daily release has.
OF_A_RELEASE = frozenset(
    {"released", "owed", "gap", "loss", "paid_by", "sales_by", "best_day", "growth"}
)


def reproduced(preset: Preset) -> Iterator[tuple[Figure, float, bool]]:
    """Each published figure, our value, and whether it rounds to the published one.

    A figure without settings of its own describes single orders before anybody has left, so forced
    exits are switched off. :attr:`Figure.agrees` says what is expected.
    """
    groups: dict[str, list[Figure]] = {}
    for figure in preset.figure:
        groups.setdefault(_key(figure), []).append(figure)
    runs = {key: _run(preset, figures) for key, figures in groups.items()}
    for figure in preset.figure:
        ours = _value(runs[_key(figure)], figure)
        # Half a unit of the last place published, and a hair for decimal rounding.
        yield figure, ours, abs(ours - figure.value) <= 0.5 * 10**-figure.decimals + 1e-12


def _key(figure: Figure) -> str:
    """The same for figures of the same run."""
    return json.dumps(figure.set, default=str)


def _run(preset: Preset, figures: list[Figure]) -> Result:
    """The run that all of these figures describe."""
    last = max(figure.order for figure in figures)
    changes = dict(figures[0].set)
    if not changes:
        changes["tick"] = "order"
        for kind, name in preset.parts:
            changes |= {f"{name}.{key}": value for key, value in KINDS[kind].no_exits.items()}
    return simulate(preset.scheme({"horizon": last, **changes}))


def _value(result: Result, figure: Figure) -> float:
    what, tick = figure.what, figure.order
    if what in OF_A_RELEASE:
        return _of_release(result, what, tick)
    if what in PER_BUYER:
        cohorts = result.cohorts
        each = (cohorts[what] / cohorts["buyers"]).reindex([tick], fill_value=0.0)
        return float(each.to_numpy(dtype=float)[0])
    if what in TO_THE_SHOP:
        reason = TO_THE_SHOP[what]
        paid = [
            flow.amount[:tick]
            for flow in result.ledger.flows
            if flow.target == "merchant" and reason in {None, flow.reason}
        ]
        return float(np.sum(paid))
    if what == "credited":
        points = result.series["points"].to_numpy(dtype=float)
        return float(points[tick - 1] - (points[tick - 2] if tick > 1 else 0.0))
    return float(result.series[COLUMNS.get(what, what)].to_numpy(dtype=float)[tick - 1])


def _of_release(result: Result, what: str, tick: int) -> float:
    """A figure of :data:`OF_A_RELEASE`; see :class:`model.preset.Figure`."""
    scheme, series = result.scheme, result.series.iloc[:tick]
    if what == "growth":
        return continuous_growth(scheme)
    promised, pool = float(series["promised"].iloc[-1]), float(series["pool"].iloc[-1])
    if what == "owed":
        return promised / float(series["paid_in"].sum())
    if what == "gap":
        return promised - pool
    if what == "loss":
        return float(series["paid_out"].iloc[-1] - series["paid_in"].iloc[-1])
    if what == "best_day":
        return float(series["sales"].max())
    if what in {"paid_by", "sales_by"}:
        return float(series["paid_out" if what == "paid_by" else "sales"].sum())
    told = answers(Published)
    for mechanism in scheme.mechanisms:
        credits_ = told[mechanism.kind].credits(mechanism, scheme.order)
        if credits_ is not None:
            break
    else:
        raise LookupError(f"{scheme.id} has no daily release")
    credited = float(np.dot(credits_, result.line.counts[:, tick - 1]))
    received = result.cohorts["received"].reindex([tick], fill_value=0.0)
    return float(received.to_numpy(dtype=float)[0]) / credited


def continuous_growth(scheme: Scheme) -> float:
    """Growth of sales a tick, continuously compounded, that a daily release needs for ever.

    With M credited, a share a and D = M / rate ticks of release, the q of
    M (1 - e^(-q D)) / (q D) = a; where a part rho of the balance is released, rho (M / a - 1).
    0 where no growth is needed. Raises LookupError without a daily release. It is the limit of
    short ticks of ``Yardstick.growth``; of lists of packages and rewards it knows nothing.
    """
    told = answers(Published)
    for mechanism in scheme.mechanisms:
        growth = told[mechanism.kind].growth(mechanism, scheme.platform)
        if growth is not None:
            return growth
    raise LookupError(f"{scheme.id} has no daily release")
