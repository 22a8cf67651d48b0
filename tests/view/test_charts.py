"""The pictures: what every figure carries, that no finger is caught, and that all can read them."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from model import load, presets, simulate
from model.funding import PAYERS, exit_split
from model.result import Result
from model.scheme import RECIPIENTS
from model.statement import statement
from view import palette
from view.mechanisms.commission.pictured import where_it_goes
from view.mechanisms.dividend_pool.pictured import dividends
from view.mechanisms.points_pool import charts as charts_points
from view.mechanisms.scheduled_release.flows import due_and_income
from view.pages import ROOT
from view.pictures import charts, charts_schemes, panels
from view.sentences.walk import walk
from view.words.words import LANGS, Words

MOST_POINTS = 500
FOOT = "Assumed: somebody does something.<br>Who Pays? some-scheme@1"
RUNS: dict[str, dict[str, Any]] = {
    "preset": {},
    "long": {"horizon": 10_000},
    "one day": {"horizon": 1},
    "nobody": {"demand.kind": "list"},
    "stops": {"demand.stop_tick": 30, "behaviour.sell_share": 0.01},
    "sellers": {"points_pool.exit_multiple": None, "behaviour.sell_share": 0.2},
    "grows": {"demand.kind": "growing", "demand.growth": 0.05, "horizon": 1825},
    "outside": {"points_pool.outside": [[10, 5e6]], "points_pool.debt": 1e6},
    "orders": {"tick": "order", "horizon": 300},
}


@pytest.fixture(scope="module")
def runs() -> dict[str, Result]:
    return {name: simulate(load("local-life-points", set_)) for name, set_ in RUNS.items()}


def look(lang: str = "en", *, dark: bool = False, zoom: bool = False) -> charts.Look:
    return charts.Look(w=Words(lang, strict=True), dark=dark, zoom=zoom)


def figures(result: Result, how: charts.Look) -> Iterator[go.Figure]:
    """Every kind of figure there is."""
    split = exit_split(result).sum(axis=0).to_dict()
    yield charts_points.price_and_backing(result, how, foot=FOOT)
    yield charts.returns_by_joining(result, how, foot=FOOT)
    yield charts.exit_funding(split, how, foot=FOOT)
    told = walk(result.scheme, upto=1000, buyer=3, sell=400)
    yield charts_points.one_buyer(
        told.values, how, first=3, spend=1000.0, target=1200.0, sold_at=told.left_at, foot=FOOT
    )


#: One of each kind of rule, and what can happen to it.
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "dividend": ("cyclic-purchase", {}),
    "dividend, packages": ("cyclic-packages", {"horizon": 400}),
    "dividend, now and then": ("lifetime-points", {"horizon": 400}),
    "dividend, one day": ("cyclic-purchase", {"horizon": 1}),
    "release": ("green-points", {}),
    "release, stopped": ("green-points", {"platform.policy": "stop"}),
    "release, fee": ("green-points", {"platform.policy": "raise_fee"}),
    "release, minimum": ("green-points", {"platform.policy": "raise_minimum"}),
    "release, kept": ("green-points", {"horizon": 20}),
    "tasks": ("ad-tasks", {}),
    "tasks, nobody": ("ad-tasks", {"demand.kind": "list"}),
    "queue": ("guild-queue", {}),
    "queue, turns": ("three-in-one-out", {}),
    "queue, broken": ("three-in-one-out", {"refund_queue.rule": "own"}),
    "commission": ("zero-cost-marketing", {}),
    "commission, nobody": ("zero-cost-marketing", {"demand.kind": "list"}),
    "recruiting": (
        "zero-cost-marketing",
        {"commission.circle": 0.0, "commission.direct": 0.05, "horizon": 60},
    ),
    "mixed": ("equity-shop", {"horizon": 400}),
    "grows": ("cyclic-purchase", {"demand.kind": "growing", "demand.growth": 0.05}),
    "orders": ("guild-queue", {"tick": "order", "horizon": 300}),
}


@pytest.fixture(scope="module")
def others() -> dict[str, Result]:
    return {run: simulate(load(name, set_)) for run, (name, set_) in OTHERS.items()}


def plain(text: str) -> str:
    """Words only: a foot may be broken into lines anywhere."""
    return "".join(text.replace("<br>", " ").split())


@pytest.mark.parametrize("run", RUNS)
def test_every_figure_carries_its_foot_and_catches_no_finger(runs, run):
    for how in (look(), look("zh-Hant", dark=True)):
        for figure in figures(runs[run], how):
            layout = figure.layout
            assert plain(layout.title.text) == plain(FOOT)
            assert layout.title.y == 0  # inside the picture, at its foot
            assert layout.margin.b >= 15 * (layout.title.text.count("<br>") + 1)
            assert layout.dragmode is False
            assert layout.xaxis.fixedrange is True
            assert layout.yaxis.fixedrange is True
            assert layout.height > 100
            for trace in figure.data:
                assert 0 < len(trace.x) <= MOST_POINTS
                assert len(trace.x) == len(trace.y)
                numbers = [v for v in (*trace.x, *trace.y) if not isinstance(v, str)]
                assert np.isfinite(np.array(numbers, dtype=float)).all()


@pytest.mark.parametrize("run", OTHERS)
def test_the_same_holds_for_every_rule(others, run):
    for how in (look(), look("zh-Hant", dark=True)):
        three = panels.panels(others[run], how, foot=FOOT)
        assert len({panel.title for panel in three}) == 3
        for panel in three:
            assert panel.title
            assert panel.alt
            figure = panel.figure()
            layout = figure.layout
            assert plain(layout.title.text) == plain(FOOT)
            assert layout.dragmode is False
            assert layout.xaxis.fixedrange is True
            assert layout.yaxis.fixedrange is True
            for trace in figure.data:
                assert 0 < len(trace.x) <= charts.MOST_POINTS
                assert len(trace.x) == len(trace.y)
                numbers = [v for v in (*trace.x, *trace.y) if not isinstance(v, str)]
                assert np.isfinite(np.array(numbers, dtype=float)).all()
            go.Figure(figure.to_dict())  # Plotly's own checks


#: Of these the bars are others: where the money goes, or what a broken promise has left.
OTHER_BARS = {
    "release", "release, stopped", "release, fee", "release, minimum", "tasks", "queue, broken",
    "commission", "commission, nobody", "recruiting",
}  # fmt: skip


@pytest.mark.parametrize("run", [run for run in OTHERS if run not in OTHER_BARS])
def test_bars_of_every_rule_are_the_model_s(others, run):
    result = others[run]
    assert result.broken is None
    cohorts = result.cohorts
    owed, hover = panels.owed_words(result)
    figure = charts.returns_by_joining(result, look(), foot=FOOT, owed=owed, hover=hover)
    received, held = figure.data
    day, joined = cohorts.index.to_numpy(), cohorts["buyers"].to_numpy()
    buyers = [
        joined[(x - width / 2 < day) & (day < x + width / 2)].sum()
        for x, width in zip(received.x, received.width, strict=True)
    ]
    for bar, column in ((received, "received"), (held, "held_value")):
        total = float(np.dot(bar.y, buyers))
        assert total == pytest.approx(float(cohorts[column].sum()), rel=1e-6, abs=1e-6)
    assert held.marker.pattern.shape == "/"


def test_the_first_dividend_is_the_advertised_one(others):
    # Sales of 2 million a day, a tenth of it over the 1000 units of the first day: 200 yuan.
    figure = dividends(others["dividend"], look(), foot=FOOT)
    (trace,) = figure.data
    assert trace.y[0] == pytest.approx(200)
    assert trace.y[-1] == pytest.approx(others["dividend"].series["price"].iloc[-1])
    assert figure.layout.shapes[0].y0 == trace.y[0]


@pytest.mark.parametrize("run", ["release", "release, stopped", "tasks", "queue, broken"])
def test_a_broken_promise_is_marked(others, run):
    result = others[run]
    first, second, _ = panels.panels(result, look(), foot=FOOT)
    for panel in (first, second):
        marks = [shape.x0 for shape in panel.figure().layout.shapes if shape.x0 == shape.x1]
        assert marks == [result.broken.tick]


@pytest.mark.parametrize("run", ["release", "release, minimum", "tasks", "release, kept"])
def test_due_is_what_was_paid_until_it_was_not(others, run):
    result = others[run]
    flows = due_and_income(result)
    paid = result.series["paid_out"].to_numpy()
    kept = slice(0, result.ticks if result.broken is None else result.broken.tick - 1)
    assert flows["due"][kept] == pytest.approx(paid[kept])
    assert flows["income"] == pytest.approx(result.series["paid_in"].to_numpy())
    if result.broken is not None:
        after = slice(result.broken.tick, None)
        assert flows["due"][after].sum() > paid[after].sum()
        if run != "release, minimum":  # there wallets are emptied all at once
            assert (flows["due"][after] > paid[after]).all()


def test_where_the_money_goes_adds_up(others):
    for run in ("commission", "recruiting"):
        result = others[run]
        rows = where_it_goes(result, Words("en", strict=True))
        cash = sum(
            float(flow.amount.sum()) for flow in result.ledger.flows if flow.source == "buyers"
        )
        assert sum(amount for _, amount, _ in rows) == pytest.approx(cash / result.totals["buyers"])


def test_one_buyer_is_paid_what_the_model_says(others):
    for run in ("dividend", "release", "queue", "tasks"):
        result = others[run]
        for joined in (1, result.ticks // 2):
            paid = panels.paid_so_far(result, joined)
            row = result.cohorts.loc[joined]
            assert paid[-1] == pytest.approx(row["received"] / row["buyers"], rel=1e-6, abs=1e-9)
            figure = charts_schemes.one_cohort(
                paid, look(), joined=joined, spend=1.0, most=None, axis="day", foot=FOOT
            )
            assert figure.data[0].x[0] == joined
            assert len(figure.data[0].x) <= charts.MOST_POINTS


def test_ticks_are_round_and_reach_the_top():
    for top in (1e-9, 0.083, 1, 7, 99, 1000, 123_456, 1e12):
        ticks = charts.ticks_to(top)
        assert ticks[0] == 0
        assert 0.6 * top <= ticks[-1] <= top * (1 + 1e-9)
        assert len(ticks) <= 6
    assert charts.ticks_to(0) == charts.ticks_to(float("inf")) == [0.0]


def test_zoom_is_there_when_asked_for(runs):
    for figure in figures(runs["preset"], look(zoom=True)):
        assert figure.layout.dragmode == "zoom"
        assert figure.layout.xaxis.fixedrange is False
        assert figure.layout.yaxis.fixedrange is False


@pytest.mark.parametrize("lang", LANGS)
def test_buttons_only_with_zoom_and_in_the_reader_s_language(lang):
    w = Words(lang, strict=True)
    plain_, zoomed = charts.config(w, zoom=False), charts.config(w, zoom=True)
    assert plain_["scrollZoom"] is zoomed["scrollZoom"] is False
    assert plain_["displayModeBar"] is False
    assert zoomed["displayModeBar"] is True
    assert "sendDataToCloud" not in str(zoomed["modeBarButtons"])
    said = set(zoomed["locales"][zoomed["locale"]]["dictionary"].values())
    assert said == {w(key) for key in w.keys() if key.startswith("modebar.")}


@pytest.mark.parametrize("run", RUNS)
def test_price_never_without_what_backs_it(runs, run):
    result = runs[run]
    figure = charts_points.price_and_backing(result, look(), foot=FOOT)
    assert len(figure.data) == 2
    price, backing = figure.data
    assert {price.line.color, backing.line.color} == {
        palette.ROLES["price"],
        palette.ROLES["backing"],
    }
    assert list(price.x) == list(backing.x)
    # On one axis, which begins at nought and shows all of both.
    assert price.yaxis == backing.yaxis
    low, high = figure.layout.yaxis.range
    assert low == 0
    assert max(*price.y, *backing.y) <= high
    # To the model: price against the launch, and what came in per buyer against one contribution.
    pool, totals = result.scheme.pool, result.totals
    assert price.y[-1] == pytest.approx(totals["price"] / pool.launch_price, rel=1e-9)
    if totals["buyers"]:
        came_in = totals["contributions"] + totals["outside"]
        each = came_in / totals["buyers"] / (pool.share * result.scheme.order.spend)
        assert backing.y[-1] == pytest.approx(each, rel=1e-9)


@pytest.mark.parametrize("run", [run for run in RUNS if run not in {"one day", "nobody"}])
def test_bars_are_the_model_s(runs, run):
    result = runs[run]
    received, held = charts.returns_by_joining(result, look(), foot=FOOT).data
    cohorts = result.cohorts
    assert len(cohorts) > (charts.BARS if run != "stops" else 0)
    # Weighted by buyers, the bars add up to everything received and held.
    day, joined = cohorts.index.to_numpy(), cohorts["buyers"].to_numpy()
    buyers = [
        joined[(x - width / 2 < day) & (day < x + width / 2)].sum()
        for x, width in zip(
            received.x, np.broadcast_to(received.width, len(received.x)), strict=True
        )
    ]
    assert sum(buyers) == joined.sum()
    for bar, column in ((received, "received"), (held, "held_value")):
        total = float(np.dot(bar.y, buyers))
        assert total == pytest.approx(float(cohorts[column].sum()), rel=1e-6, abs=1e-6)


def test_funding_bars_are_of_each_hundred(runs):
    split = exit_split(runs["outside"]).sum(axis=0).to_dict()
    (bars,) = charts.exit_funding(split, look(), foot=FOOT).data
    assert sum(bars.x) == pytest.approx(100, rel=1e-9)
    assert len(set(bars.marker.color)) == len(PAYERS)
    w = Words("en", strict=True)
    assert list(bars.y) == [w(f"role.{role}") for role in PAYERS]


def test_thinned_keeps_both_ends():
    for length in (1, 2, 160, 161, 1825, 10_000):
        kept = charts.thinned(length)
        assert kept[0] == 0
        assert kept[-1] == length - 1
        assert len(kept) <= charts.MOST_POINTS <= MOST_POINTS
        assert (np.diff(kept) > 0).all()


def test_the_figures_need_no_streamlit():
    """So that they can be drawn by anything."""
    code = "import sys, view.pictures.charts, view.sentences.walk; print(*sys.modules)"
    asked = [sys.executable, "-c", code]
    done = subprocess.run(asked, cwd=ROOT, check=True, timeout=60, capture_output=True, text=True)
    imported = set(done.stdout.split())
    assert {"view.pictures.charts", "view.sentences.walk", "plotly"} <= imported
    assert "streamlit" not in imported


# -- Colours ---------------------------------------------------------------------------

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
#: Just noticeable is 2.3; neighbours are far enough apart to be named at a glance.
TELL_APART = 10.0
# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(color: str) -> np.ndarray[Any, Any]:
    """#RRGGBB as linear RGB."""
    v = np.array([int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Linear RGB in CIE L*a*b*, D65."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    x = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(x > (6 / 29) ** 3, np.cbrt(x), x / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(a: str, b: str, sight: str) -> float:
    """Delta E (1976) as seen with that sight."""
    seen = SIGHT[sight]
    return float(np.linalg.norm(lab(seen @ linear(a)) - lab(seen @ linear(b))))


def contrast(a: str, b: str) -> float:
    """The contrast of two colours as WCAG counts it."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted((float(linear(a) @ weights), float(linear(b) @ weights)))
    return (light + 0.05) / (dark + 0.05)


def text_colors(figure: go.Figure) -> set[str]:
    """Every colour a text of the figure is written in."""
    found: set[str] = set()

    def search(node: Any, *, in_font: bool) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "template":  # only where nothing is said, and every text says
                    continue
                if in_font and key == "color" and isinstance(value, str):
                    found.add(value)
                search(value, in_font=key.endswith("font"))
        elif isinstance(node, list | tuple):
            for value in node:
                search(value, in_font=in_font)

    search(figure.to_plotly_json(), in_font=False)
    return found


@pytest.mark.parametrize("dark", [False, True])
def test_text_reads_on_the_page(runs, dark):
    theme = THEME["dark" if dark else "light"]
    seen = set()
    for run in ("preset", "nobody"):
        for figure in figures(runs[run], look(dark=dark)):
            seen |= text_colors(figure)
            assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert {look(dark=dark).ink, look(dark=dark).muted} <= seen
    for color in seen:
        assert contrast(color, theme["backgroundColor"]) >= TEXT_CONTRAST, color
        assert contrast(color, theme["secondaryBackgroundColor"]) >= TEXT_CONTRAST, color


def neighbours() -> set[tuple[str, str]]:
    """Roles that stand beside each other in one picture."""
    pairs = {("price", "backing"), ("received", "held"), *itertools.pairwise(PAYERS)}
    pairs |= {("backing", "fees"), ("received", "backing"), ("unstated", "own"), ("own", "goods")}
    pairs |= {("own", "later"), ("later", "outside")}
    for name in presets():
        split = load(name).split()
        pairs |= set(itertools.pairwise(p for p in ("pool", *RECIPIENTS) if p in split))
    return pairs


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("dark", [False, True])
def test_neighbours_can_be_told_apart(dark, sight):
    colors = palette.roles(dark=dark)
    assert (
        difference("#FF0000", "#FA0505", sight)
        < TELL_APART
        < difference("#000000", "#FFFFFF", sight)
    )
    assert len(neighbours()) > 8
    too_close = {
        pair: round(seen, 1)
        for pair in neighbours()
        if (seen := difference(colors[pair[0]], colors[pair[1]], sight)) < TELL_APART
    }
    assert too_close == {}


@pytest.mark.parametrize("lang", LANGS)
def test_words_in_pictures_are_in_its_language(runs, lang):
    w = Words(lang, strict=True)
    price = charts_points.price_and_backing(runs["preset"], look(lang), foot=FOOT)
    assert {trace.name for trace in price.data} == {w("chart.price.name"), w("chart.backing.name")}
    assert price.layout.yaxis.title.text == w("chart.price.axis")


WORTH = (
    ("local-life-points", {}),
    ("wine-points", {"behaviour.sell_share": 0.02}),
    ("wine-points", {"points_pool.issue_cap": 1000.0}),
    ("wine-points", {"points_pool.debt": 1e6}),
    ("thousand-yuan-points", {}),
)


@pytest.mark.parametrize(("name", "changes"), WORTH)
def test_the_points_of_the_buyer_in_the_middle_are_worth_what_the_statement_says(name, changes):
    result = simulate(load(name, changes))
    joined = charts_points.middle(result)
    orders = result.line.orders
    assert orders[: joined - 1].sum() < orders.sum() / 2 <= orders[:joined].sum()
    number = round(orders[: joined - 1].sum()) + 1
    worth = charts_points.worth(result, joined)
    assert worth[-1] == pytest.approx(statement(result, number).worth)
    assert np.isnan(worth[: joined - 1]).all()
    each = charts_points.there_for_each(result)[-1]
    if result.totals["holders"]:
        assert each == pytest.approx(result.totals["pool"] / result.totals["holders"])
    # All three in yuan, on one scale with what was paid.
    figure = charts_points.worth_and_backing(result, look(), foot=FOOT)
    spend = result.scheme.order.spend
    assert figure.layout.shapes[0].y0 == spend
    assert figure.layout.yaxis.range[1] > spend
    assert figure.data[0].y[-1] == pytest.approx(worth[-1])


def test_whoever_was_paid_out_has_no_points_any_more():
    result = simulate(load("wine-points", {"points_pool.exit_multiple": 0.25}))
    joined = charts_points.middle(result)
    assert statement(result, round(result.line.orders[: joined - 1].sum()) + 1).left_at is not None
    assert np.isnan(charts_points.worth(result, joined)[-1])
