"""The figures a sentence quotes: of the rules and of the run, and on the command line."""

from __future__ import annotations

import math

import pytest

from model import load, presets, simulate
from model.__main__ import main
from model.figures import figures, printed
from model.library import preset


@pytest.mark.parametrize("name", presets())
def test_figures_are_those_of_the_run(name):
    result = simulate(load(name, {"horizon": 90}))
    found, totals = figures(result), result.totals
    for key in ("buyers", "spent", "received"):
        assert found[key] == totals[key]
    if preset(name).kind == "real_case":
        # Orders of the model are no people: under a real name nobody is counted as paid.
        assert not {"even", "left", "waiting", "nothing"} & set(found)
    else:
        assert found["even"] == totals["even"]
    assert all(math.isfinite(value) for value in found.values())
    assert 0 <= found["reaches"] <= found["spend"]
    if "left" in found and result.points is not None and not result.records:
        used = result.fate.goods.sum()
        assert used > 0 or found["left"] + found["waiting"] == pytest.approx(found["buyers"])


def test_of_a_points_pool():
    result = simulate(load("wine-points"))
    pool, spend = result.scheme.pool, result.scheme.order.spend
    found = figures(result)
    assert found["spend"] == spend
    assert found["reaches"] == pool.share * spend
    assert found["most"] == pytest.approx((1 - pool.fee) * (pool.exit_multiple or 0) * spend)
    assert found["each"] == pytest.approx(result.totals["pool"] / result.totals["holders"])
    assert "pays_less_from" not in found
    assert "recruiting" not in found


def test_without_a_limit_there_is_no_most():
    with_limit, without = (
        figures(simulate(load("wine-points", {"points_pool.exit_multiple": m, "horizon": 30})))
        for m in (2.0, None)
    )
    assert with_limit["most"] == pytest.approx(0.9 * 2 * 100)
    assert "most" not in without


def test_a_broken_promise_and_what_advertisers_paid():
    result = simulate(load("ad-tasks", {"horizon": 200}))
    found = figures(result)
    assert result.broken is not None
    assert found["pays_less_from"] == result.broken.tick
    assert found["advertisers"] == pytest.approx(result.totals["outside"])


def test_of_a_points_shop_every_yuan_has_a_place():
    result = simulate(load("zero-cost-marketing", {"horizon": 30}))
    found, shop = figures(result), result.engines.commission
    assert shop is not None
    settings = shop.settings
    goods = settings.circle_goods * (found["points"] + found["cash"])
    kept = found["cash"] * (1 - settings.circle_shop) - goods
    assert found["goods"] == pytest.approx(goods)
    assert found["platform"] == pytest.approx(kept * settings.circle * found["buyers"])


def test_the_command_prints_them(capsys):
    assert main(["run", "wine-points@1", "--set", "horizon=30", "--format", "figures"]) == 0
    shown = capsys.readouterr().out
    result = simulate(load("wine-points@1", {"horizon": 30}))
    assert shown == printed(result)
    read = {name: float(value) for name, value in map(str.split, shown.splitlines())}
    assert read == pytest.approx(figures(result), rel=1e-11)
