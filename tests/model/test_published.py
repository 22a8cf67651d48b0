"""The figures the pitches publish (launch price 1), each with its arithmetic."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd
import pytest

from model import __main__ as command_line
from model import crowd, load, simulate
from model.library import preset
from model.published import reproduced


def line(scheme: str, orders: int, **changes: Any) -> pd.DataFrame:
    """The first orders one by one, nobody leaving unless ``changes`` say so."""
    settings = {"tick": "order", "horizon": orders, "points_pool.exit_multiple": None, **changes}
    series = simulate(load(scheme, set=settings)).series
    return series.assign(credited=series["points"].diff().fillna(series["points"]))


def shown(value: float, places: int) -> float:
    """Rounded the way people round."""
    step = Decimal(1).scaleb(-places)
    return float(Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP))


def first(condition: pd.Series) -> int:
    """The first order for which it holds."""
    return int(condition.index[condition][0])


def test_wine() -> None:
    orders = line("wine-points", 100)
    # 100 x 30 % = 30 into the pool, 70 % of 30 = 21 yuan in points, at 1 yuan: 21 points
    assert shown(orders["credited"][1], 6) == 21
    assert shown(orders["price"][1], 4) == 1.4286  # 30 / 21
    assert shown(orders["credited"][2], 6) == 14.7  # 21 / (30 / 21)
    assert shown(orders["price"][2], 4) == 1.6807  # 60 / 35.7
    assert shown(orders["credited"][3], 6) == 12.495  # 21 / (60 / 35.7)
    assert shown(orders["price"][3], 4) == 1.8674  # 90 / 48.195
    assert orders["pool"].loc[2:3].tolist() == [60, 90]
    assert shown(orders["points"][2], 6) == 35.7  # 21 + 14.7
    assert shown(orders["points"][3], 6) == 48.195  # 35.7 + 12.495
    assert shown(orders["price"][4], 4) == 2.0188  # 120 / (48.195 + 21 / 1.8674)
    assert shown(orders["price"][100], 4) == 5.1731
    # The "profit" of order 1: 21 points x 5.1731 = 108.6351, before any fee and not yet sold.
    assert shown(21 * shown(orders["price"][100], 4), 4) == 108.6351
    assert shown(21 * orders["price"][100] * 0.9, 2) == 97.77  # what selling them would pay


def test_wine_rise_is_417_percent() -> None:
    assert shown(100 * (line("wine-points", 100)["price"][100] - 1), 0) == 417


def test_thousand_yuan() -> None:
    orders = line("thousand-yuan-points", 10_000)
    # 1000 x 30 % = 300 into the pool, 210 yuan in points
    assert shown(orders["credited"][1], 6) == 210
    assert shown(orders["price"][1], 2) == 1.43  # 300 / 210
    assert shown(orders["credited"][2], 6) == 147  # 210 / 1.428571
    assert shown(orders["price"][2], 2) == 1.68  # 600 / 357
    assert shown(orders["credited"][3], 0) == 125  # 210 / 1.680672 = 124.95
    assert shown(orders["points"][3], 0) == 482  # 210 + 147 + 124.95 = 481.95
    assert shown(orders["price"][3], 2) == 1.87  # 900 / 481.95
    value = 210 * orders["price"]  # what order 1 holds
    # "Money back" at 1000 / 210 = 4.76: selling then pays 1000 x (1 - 0.2) = 800.
    assert shown(1000 / 210, 2) == 4.76
    assert first(value >= 1000) == 76
    assert shown(1000 * (1 - 0.2), 6) == 800
    # 1000 after the fee takes 1000 / 0.8 / 210 = 5.952; order 160 is the first to get there.
    assert shown(1000 / 0.8 / 210, 3) == 5.952
    assert first(value * 0.8 >= 1000) == 160
    assert crowd.order_reaching(1 / 0.8, place=1, pool=load("thousand-yuan-points").pool) == 160
    # Forced out at three times the spend: 3000 / 210 = 14.29, order 2965 if nobody else sells.
    assert shown(3000 / 210, 2) == 14.29
    assert first(value >= 3000) == 2965
    # Order 2 holds 147 points: 3000 / 147 = 20.41. If not even order 1 had left: order 9736.
    assert shown(3000 / 147, 2) == 20.41
    assert first(147 * orders["price"] >= 3000) == 9736


def test_thousand_yuan_exits_as_they_happen() -> None:
    """Order 1 is forced out at order 2965, order 2 at order 9696, if nobody else sells.

    The 600 that order 1 leaves behind bring order 2 forward by 40 orders.
    """
    settings = {"tick": "order", "horizon": 10_000}
    result = simulate(load("thousand-yuan-points", set=settings))
    gone = result.cohorts["exit_tick"].dropna()
    assert gone.to_dict() == {1: 2965, 2: 9696}
    assert result.cohorts["received"].loc[1:2].tolist() == [pytest.approx(2400)] * 2


def test_selling_two_thousand_pays_sixteen_hundred() -> None:
    # 2000 / 210 = 9.52: order 768 is the first at which order 1 holds that much
    assert shown(2000 / 210, 2) == 9.52
    settings = {"points_pool.exit_multiple": 2.0}
    with_exit = line("thousand-yuan-points", 768, **settings)
    without = line("thousand-yuan-points", 768)
    # 2000 of points are worth 2000 x 0.8 = 1600 to the seller, 400 stay in the pool.
    assert with_exit["paid_out"][768] == pytest.approx(1600, rel=1e-12)
    assert with_exit["fees"][768] == pytest.approx(400, rel=1e-12)
    assert with_exit["pool"][768] == pytest.approx(768 * 300 - 1600, rel=1e-12)
    # Points go, 400 yuan of what they were worth does not: the price rises.
    assert with_exit["points"][768] == pytest.approx(without["points"][768] - 210, rel=1e-12)
    assert with_exit["price"][768] > without["price"][768]


@pytest.mark.parametrize(
    ("scheme", "contribution", "gifted", "rest"),
    [
        ("thousand-yuan-points", 300, 210, 90),  # 300 - 70 % of 300
        ("local-life-points", 160, 112, 48),  # 160 - 70 % of 160
        ("wine-points", 30, 21, 9),  # 9 % of the price: 30 % x 30 %
    ],
)
def test_money_that_gifts_no_points(
    scheme: str, contribution: float, gifted: float, rest: float
) -> None:
    found = load(scheme)
    into_pool = found.pool.share * found.order.spend
    assert into_pool == pytest.approx(contribution, rel=1e-12)
    assert found.pool.gift * into_pool == pytest.approx(gifted, rel=1e-12)
    assert (1 - found.pool.gift) * into_pool == pytest.approx(rest, rel=1e-12)
    orders = line(scheme, 2)
    # Order 2 is credited that much at the price before it.
    assert orders["credited"][2] * orders["price"][1] == pytest.approx(gifted, rel=1e-12)


def test_local_life() -> None:
    orders = line("local-life-points", 3)
    # 1000 x 16 % = 160 into the pool, 112 yuan in points
    assert shown(orders["credited"][1], 6) == 112
    assert shown(orders["price"][1], 2) == 1.43  # 160 / 112
    assert shown(orders["credited"][2], 0) == 78  # 112 / 1.428571 = 78.4
    assert shown(orders["credited"][3], 0) == 67  # 112 / 1.680672 = 66.64
    assert orders["pool"].loc[2:3].tolist() == [320, 480]
    assert shown(orders["points"][2], 0) == 190  # 112 + 78.4 = 190.4
    assert shown(orders["points"][3], 0) == 257  # 190.4 + 66.64 = 257.04
    assert shown(orders["price"][2], 2) == 1.68  # 320 / 190.4
    assert shown(orders["price"][3], 2) == 1.87  # 480 / 257.04


def test_local_life_forced_exit() -> None:
    # Order 1 holds 112 points: 1200 / 112 = 10.71; paid 1200 x 0.8 = 960, 240 stay.
    assert shown(1200 / 112, 2) == 10.71
    result = simulate(load("local-life-points", set={"tick": "order", "horizon": 1200}))
    gone = int(result.cohorts["exit_tick"][1])
    series = result.series
    assert series["paid_out"][gone] == pytest.approx(960, rel=1e-12)
    assert series["fees"][gone] == pytest.approx(240, rel=1e-12)
    assert (series["paid_out"].loc[: gone - 1] == 0).all()
    assert series["price"][gone - 1] < 1200 / 112 <= series["price"][gone]


def test_the_cap() -> None:
    """100 million points against 100 million orders of 100: 9.2 million are issued, at 326.06."""
    changes = {
        "points_pool.exit_multiple": None,
        "demand.orders_per_tick": 1e8 / 1825,
        "horizon": 1825,
        "points_pool.issue_cap": 1e8,
    }
    series = simulate(load("wine-points", set=changes)).series
    assert series["orders"].sum() == 100_000_000
    assert series["sales"].sum() == 1e10  # 10 billion yuan in five years
    last = series.loc[1825]
    assert shown(last["price"], 2) == 326.06
    assert shown(last["points"] / 1e6, 1) == 9.2
    assert last["pool"] == pytest.approx(3e9, rel=1e-12)
    # All 100 million at that price would be 32.6 billion, against a pool of 3.
    assert shown(1e8 * last["price"] / 1e9, 1) == 32.6
    # A holder of 2 % of the issue would need 2 million of the 9.2 million points.
    assert 0.02 * 1e8 / last["points"] > 0.2


def test_the_cap_is_reached_after_three_billion_orders() -> None:
    pool = load("wine-points").pool
    orders = 3.0e9
    # points = pool / price = 30 N / P_N
    assert 30 * orders / crowd.price_after(int(orders), pool=pool) == pytest.approx(1e8, rel=0.01)


def test_shares_of_the_price() -> None:
    assert load("thousand-yuan-points").split() == pytest.approx(
        {"pool": 0.3, "goods": 0.3, "distribution": 0.3, "platform": 0.1}
    )
    assert load("local-life-points").split() == pytest.approx(
        {"pool": 0.16, "merchant": 0.8, "platform": 0.02, "distribution": 0.02}
    )
    assert load("wine-points").split() == pytest.approx({"pool": 0.3, "unstated": 0.7})


@pytest.mark.parametrize(
    ("scheme", "figures"),
    [("wine-points", 12), ("thousand-yuan-points", 7), ("local-life-points", 10)],
)
def test_the_presets_carry_their_published_figures(scheme: str, figures: int) -> None:
    found = list(reproduced(preset(scheme)))
    assert len(found) == figures
    for figure, ours, agrees in found:
        assert agrees, f"{figure.what} after order {figure.order}: {ours}, not {figure.value}"
        assert shown(ours, figure.decimals) == figure.value


def test_a_wrong_figure_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wine = preset("wine-points")
    for value, expected, said in (
        (21.0, True, "agrees"),
        (21.0, False, "AGREES, though it was expected to differ"),
        (22.0, True, "DIFFERS"),
        (22.0, False, "differs, as expected"),
    ):
        figure = wine.figure[0].model_copy(update={"value": value, "agrees": expected})
        changed = wine.model_copy(update={"figure": (figure,)})
        ((_, ours, agrees),) = reproduced(changed)
        assert ours == pytest.approx(21, rel=1e-12)
        assert agrees == (value == 21.0)
        monkeypatch.setattr(command_line, "presets", lambda: ["wine-points"])
        monkeypatch.setattr(command_line, "preset", lambda _, found=changed: found)
        assert command_line.main(["check"]) == (0 if agrees == expected else 1)
        # The claims come after the figures.
        first = capsys.readouterr().out.splitlines()[0]
        assert first.split("\t")[-1] == said
