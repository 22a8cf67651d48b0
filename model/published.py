"""The figures a pitch publishes, beside the model's."""

from __future__ import annotations

from collections.abc import Iterator

from model.library import Figure, Preset
from model.simulate import simulate


def reproduced(preset: Preset) -> Iterator[tuple[Figure, float, bool]]:
    """Each published figure, our value, and whether it rounds to the published one.

    Published figures describe single orders before anybody has left, so exits are switched off.
    """
    if not preset.figure:
        return
    last = max(figure.order for figure in preset.figure)
    scheme = preset.scheme({"tick": "order", "horizon": last, "points_pool.exit_multiple": None})
    series = simulate(scheme).series
    points = series["points"].to_numpy(dtype=float)
    for figure in preset.figure:
        if figure.what == "credited":
            before = points[figure.order - 2] if figure.order > 1 else 0.0
            ours = float(points[figure.order - 1] - before)
        else:
            ours = float(series[figure.what].to_numpy(dtype=float)[figure.order - 1])
        # Half a unit of the last place published, and a hair for decimal rounding.
        yield figure, ours, abs(ours - figure.value) <= 0.5 * 10**-figure.decimals + 1e-12
