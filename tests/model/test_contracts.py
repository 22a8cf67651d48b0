"""The contracts other programs rely on: load, simulate, their tables, and the command line."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import model
from model import load, presets, simulate
from model.__main__ import main
from model.claims import CLAIMS
from model.library import preset
from model.scheme import KINDS, Scheme, scheme_parameters
from tests.calls import calls

ROOT = Path(__file__).resolve().parents[2]
SERIES = [
    "orders", "sales", "pool", "points", "price", "paid_in", "paid_out", "fees", "promised",
]  # fmt: skip
COHORTS = ["buyers", "spent", "received", "held_value", "exit_tick"]
FLOWS = ["source", "target", "reason", "amount"]


#: After the verdict on a figure that an assumption was chosen by.
FITTED = " (an assumption was chosen by it)"


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command line run in this process."""
    try:
        status = main(list(words))
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


# -- python ----------------------------------------------------------------------------------


def test_the_names_that_are_offered() -> None:
    assert set(model.__all__) == {"load", "presets", "simulate"}
    known = [
        "local-life-points", "wine-points", "thousand-yuan-points", "equity-shop",
        "cyclic-purchase", "cyclic-packages", "green-points", "guild-queue", "three-in-one-out",
        "ad-tasks", "lifetime-points", "zero-cost-marketing",
        "case-yunlianhui", "case-wanjia", "case-yuehua",
        "cash-back-card", "stamp-card", "cooperative-dividend",
    ]  # fmt: skip
    assert [name for name in presets() if name in known] == known
    kinds = [preset(name).kind for name in presets()]
    assert kinds == sorted(kinds, key=["advertised", "real_case", "sound", "own"].index)
    assert presets(kind="advertised") == [n for n in presets() if preset(n).kind == "advertised"]
    assert all(preset(n).kind == "real_case" for n in presets(kind="real_case"))
    assert "cooperative-dividend" in presets(kind="sound", family="dividend_pool")
    points = ["local-life-points", "wine-points", "thousand-yuan-points"]
    assert presets(family="points_pool")[:3] == points
    assert sorted(n for kind in KINDS for n in presets(family=kind)) == sorted(presets())


def test_the_example_of_the_contract() -> None:
    scheme = load(
        "wine-points",
        set={"points_pool.fee": 0.2, "demand.orders_per_tick": 50, "horizon": 365},
    )
    assert scheme.pool.fee == 0.2
    assert scheme.demand.orders_per_tick == 50
    assert scheme.horizon == 365
    result = simulate(scheme)
    assert result.series["orders"].tolist() == [50] * 365


def test_series() -> None:
    series = simulate(load("wine-points", set={"horizon": 40})).series
    assert isinstance(series, pd.DataFrame)
    assert [name for name in series.columns if name in SERIES] == SERIES
    assert series.index.name == "tick"
    assert series.index.tolist() == list(range(1, 41))
    assert series["orders"].dtype == np.int64
    assert all(kind.kind == "f" for kind in series.drop(columns="orders").dtypes)


def test_series_means_what_it_says() -> None:
    changes = {
        "tick": "order",
        "horizon": 1500,
        "points_pool.exit_multiple": 2.0,
        "points_pool.fee": 0.2,
        "points_pool.outside": [[700, 50.0]],
    }
    result = simulate(load("wine-points", set=changes))
    series = result.series
    assert series["sales"].sum() == 1500 * 100
    assert series["paid_in"].sum() == pytest.approx(1500 * 30 + 50)
    # paid_out is cash: 80 of 100; the fee stays, so the pool falls by what is paid out alone
    exits = series["exits"].sum()
    assert exits > 0
    assert series["paid_out"].sum() == pytest.approx(exits * 160)
    assert series["fees"].sum() == pytest.approx(exits * 40)
    pool = series["paid_in"].cumsum() - series["paid_out"].cumsum()
    assert series["pool"].to_numpy() == pytest.approx(pool.to_numpy())
    # promised: everybody still holding has been told of twice the price
    assert series["promised"].iloc[-1] == pytest.approx((1500 - exits) * 200)


def test_cohorts() -> None:
    changes = {"demand.kind": "list", "demand.orders": [5, 0, 3], "horizon": 4}
    cohorts = simulate(load("wine-points", set=changes)).cohorts
    assert [name for name in cohorts.columns if name in COHORTS] == COHORTS
    assert cohorts.index.name == "tick"
    assert cohorts.index.tolist() == [1, 3]  # ticks on which anybody entered
    assert cohorts["buyers"].tolist() == [5, 3]
    assert cohorts["spent"].tolist() == [500, 300]
    assert cohorts["exit_tick"].isna().all()
    assert str(cohorts["exit_tick"].dtype) == "Int64"


def test_received_is_cash_after_the_fee() -> None:
    result = simulate(load("local-life-points", set={"tick": "order", "horizon": 1500}))
    assert result.cohorts["received"][1] == pytest.approx(960)
    # (10.714 / 1.29806)^(1 / 0.3) = 1136.5: the first order at which the price is 10.714 or more
    assert result.cohorts["exit_tick"][1] == 1137


def test_flows() -> None:
    result = simulate(load("wine-points", set={"tick": "order", "horizon": 1000}))
    flows = result.flows
    assert [name for name in flows.columns if name in FLOWS] == FLOWS
    assert set(flows["source"]) <= {"buyers", "pool", "outside", "old members"}
    assert set(flows["reason"]) == {"order", "forced exit", "fee"}
    assert flows["tick"].is_monotonic_increasing
    exit_ = flows[flows["reason"] == "forced exit"]
    assert (exit_["amount"] == 200).all()  # before the fee
    assert (flows[flows["reason"] == "fee"]["amount"].round(9) == 20).all()


@pytest.mark.parametrize("method", ["own", "mixed", "oldest"])
def test_funding(method: str) -> None:
    result = simulate(load("wine-points", set={"horizon": 200, "points_pool.exit_multiple": 1.0}))
    table = result.funding(method=method, bins=24)
    assert isinstance(table, pd.DataFrame)
    assert table.to_numpy().sum() == pytest.approx(result.series["paid_out"].sum())
    # rows: whose money (24 stretches of joining time, fees, outside); columns: paid to whom
    assert table.shape == (26, 24)
    assert result.funding().equals(result.funding(method="own", bins=24))


def test_funding_refuses_what_it_does_not_know() -> None:
    result = simulate(load("wine-points", set={"horizon": 10}))
    with pytest.raises(ValueError, match="own, mixed, oldest"):
        result.funding(method="lifo")
    for bins in (0, -1, 10**9):
        with pytest.raises(ValueError, match="bins"):
            result.funding(bins=bins)


@pytest.mark.parametrize("none", [None, "none", "None", " NONE ", "null", "never"])
def test_none_switches_an_optional_number_off(none: Any) -> None:
    assert load("wine-points", set={"points_pool.exit_multiple": none}).pool.exit_multiple is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tick", "order"),
        ("horizon", 7),
        ("order.spend", 250.0),
        ("demand.kind", "growing"),
        ("demand.orders_per_tick", 12.5),
        ("points_pool.share", 0.2),
        ("points_pool.gift", 0.6),
        ("points_pool.fee", 0.05),
        ("points_pool.launch_price", 2.0),
        ("points_pool.exit_multiple", 1.5),
    ],
)
def test_fixed_keys(key: str, value: Any) -> None:
    scheme = load("wine-points", set={key: value})
    assert scheme.get(key) == value
    assert key in scheme_parameters()


def test_tick_is_a_day_or_an_order() -> None:
    day = simulate(load("wine-points", set={"tick": "day", "horizon": 5}))
    order = simulate(load("wine-points", set={"tick": "order", "horizon": 5}))
    assert day.series["orders"].tolist() == [day.scheme.demand.orders_per_tick] * 5
    assert order.series["orders"].tolist() == [1] * 5


def test_schemes_are_frozen() -> None:
    scheme = load("wine-points")
    with pytest.raises(ValueError, match="frozen"):
        scheme.horizon = 3  # type: ignore[misc]


def test_every_parameter_says_what_it_is() -> None:
    for key, parameter in scheme_parameters().items():
        assert parameter.key == key
        assert parameter.label
        assert parameter.help
        assert parameter.allowed()
        if parameter.unit not in {"choice", "list"}:
            assert parameter.minimum is not None
            assert parameter.maximum is not None
        for pair in (parameter.slider, parameter.unsure):
            if pair is not None:
                assert parameter.minimum is not None
                assert parameter.maximum is not None
                assert parameter.minimum <= pair[0] < pair[1] <= parameter.maximum


def test_defaults_make_a_scheme() -> None:
    assert simulate(Scheme(horizon=3)).series.shape[0] == 3


@pytest.mark.parametrize(
    ("days", "more"), [(400, {"demand.orders_per_tick": 54_795}), (2000, {"tick": "order"})]
)
def test_twice_the_days_cost_twice_the_work(days, more) -> None:
    """Only against an accident: what is promised is measured in benchmarks/."""
    once, twice = (load("wine-points", set={"horizon": n, **more}) for n in (days, 2 * days))
    assert calls(lambda: simulate(twice)) < 2.1 * calls(lambda: simulate(once))
    assert calls(lambda: simulate(once)) < 200 * days


# -- the command line -------------------------------------------------------------------------


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = command(capsys, "list")
    assert (status, err) == (0, "")
    assert [line.split("\t")[0] for line in out.splitlines()] == presets()


@pytest.mark.parametrize("scheme", presets())
def test_show_names_every_parameter(capsys: pytest.CaptureFixture[str], scheme: str) -> None:
    status, out, err = command(capsys, "show", scheme)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith(scheme)
    keys = [line.split(" = ")[0] for line in lines[1:]]
    described = load(scheme)
    assert keys == list(scheme_parameters(described))
    for mechanism in described.mechanisms:
        assert [key for key in keys if key.startswith(f"{mechanism.name}.")]
    # Each with its value, its unit, and where it is from.
    for line in lines[1:]:
        said, unit, origin = line.split("\t")
        key, _, value = said.partition(" = ")
        assert value == str(described.get(key))
        assert unit == scheme_parameters(described)[key].unit
        found = preset(scheme).origin(key)
        assert origin == (f"{found.quality}, {found.source}" if found else "default")


def test_run_csv(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "wine-points", "--set", "points_pool.fee=0.2", "--set", "horizon=365"]
    status, out, err = command(capsys, *words, "--format", "csv")
    assert (status, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 365
    assert list(rows[0])[: 1 + len(SERIES)] == ["tick", *SERIES]
    series = simulate(load("wine-points", set={"points_pool.fee": 0.2, "horizon": 365})).series
    assert [float(row["price"]) for row in rows] == series["price"].tolist()
    assert command(capsys, *words)[1] == out  # csv unless asked otherwise


@pytest.mark.parametrize("scheme", [*presets(), "own:points_pool+dividend_pool+commission"])
def test_every_scheme_runs(capsys: pytest.CaptureFixture[str], scheme: str) -> None:
    """With several mechanisms too: one table, and its columns in the same places."""
    status, out, err = command(capsys, "run", scheme, "--set", "horizon=20")
    assert (status, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0])[: 1 + len(SERIES)] == ["tick", *SERIES]
    series = simulate(load(scheme, set={"horizon": 20})).series
    for name in SERIES:
        assert [float(row[name]) for row in rows] == series[name].tolist()


def test_run_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "wine-points", "--set", "horizon=30", "--set", "tick=order"]
    status, out, err = command(capsys, *words, "--format", "json")
    assert (status, err) == (0, "")
    table = json.loads(out)
    series = simulate(load("wine-points", set={"horizon": 30, "tick": "order"})).series
    assert table["tick"] == list(range(1, 31))
    for name in SERIES:
        assert table[name] == series[name].tolist()


def test_run_reads_lists_and_none(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = command(
        capsys, "run", "wine-points", "--set", "demand.kind=list", "--set",
        "demand.orders=[3, 0, 2]", "--set", "points_pool.exit_multiple=none", "--set",
        "points_pool.outside=[[2, 40]]", "--set", "horizon=3", "--format", "json",
    )  # fmt: skip
    assert status == 0
    table = json.loads(out)
    assert table["orders"] == [3, 0, 2]
    assert table["pool"] == [90, 130, 190]


def test_run_reads_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(ROOT / "presets" / "wine-points.toml")
    by_path = command(capsys, "run", path, "--set", "horizon=5")
    assert by_path == command(capsys, "run", "wine-points", "--set", "horizon=5")
    assert by_path[0] == 0


def test_check(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = command(capsys, "check")
    assert (status, err) == (0, "")
    figures = [figure for name in presets() for figure in preset(name).figure]
    lines, claims = out.splitlines()[: len(figures)], out.splitlines()[len(figures) :]
    assert {line.split("\t")[0] for line in claims} == {
        f"claim {claim.number} {id_}" for id_, claim in CLAIMS.items()
    }
    verdicts = ["agrees" if figure.agrees else "differs, as expected" for figure in figures]
    said = [line.split("\t")[-1].removesuffix(FITTED) for line in lines]
    assert said == verdicts
    fitted = [line.endswith(FITTED) for line in lines]
    assert fitted == [figure.fitted for figure in figures]
    assert {"agrees", "differs, as expected"} == set(verdicts)
    assert "DIFFERS" not in out


def test_as_a_program() -> None:
    words = [sys.executable, "-m", "model", "run", "local-life-points", "--set", "horizon=3"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "tick,orders,sales,pool,points,price,paid_in,paid_out,fees,promised"
    )
    bad = subprocess.run(
        [sys.executable, "-m", "model", "run", "wine", "--set", "horizon=3"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.count("\n") == 1
