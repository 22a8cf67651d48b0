"""The figures a pitch publishes, beside the model's."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np

from model.library import Figure, Preset
from model.result import Result
from model.simulate import simulate

#: Of one tick's orders, by the end of the run.
PER_BUYER = frozenset({"received", "held_value"})
#: What a column of ``series`` is called where it does not hold points.
COLUMNS = {"credit": "points", "units": "points", "unit_paid": "price"}
#: Payments to the shop, and why: all of them, or what the points shop pays it.
TO_THE_SHOP = {"merchant": None, "points_shop": "points shop"}


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
        changes |= {f"{n}.exit_multiple": None for kind, n in preset.parts if kind == "points_pool"}
    return simulate(preset.scheme({"horizon": last, **changes}))


def _value(result: Result, figure: Figure) -> float:
    what, tick = figure.what, figure.order
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
