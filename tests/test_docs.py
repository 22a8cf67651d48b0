"""The documentation says what the code does: names, tables, examples, figures and links."""

from __future__ import annotations

import importlib
import math
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs import tables
from model import load, presets, simulate
from model.crowd import crowd_factor, median_value, member_exit_price, order_reaching, share_holding
from model.funding import METHODS
from model.ledger import Ledger
from model.mechanisms.points_pool import PointsPool
from model.preset import Fact, Figure, Part, Preset, Value, sources
from model.published import reproduced
from model.result import Result
from model.scheme import KINDS, Scheme, scheme_parameters
from model.yardstick import (
    simulated_back,
    simulated_share,
    yardstick,
)
from tests.model import golden, reference

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
PAGE = (ROOT / "docs" / "model.md").read_text("utf-8")
#: What a mechanism does has a page of its own.
MECHANISMS = sorted((ROOT / "docs" / "mechanisms").glob("*.md"))
MODEL = "\n## (the next page)\n".join([PAGE, *(path.read_text("utf-8") for path in MECHANISMS)])
README = (ROOT / "README.md").read_text("utf-8")
CLASSES = {"Scheme": Scheme, "Result": Result, "Ledger": Ledger}
#: A preset that has one, and where in its run.
OBJECTS = {
    "PointsPoolEngine": ("wine-points", "engines.points"),
    "DividendPoolEngine": ("cyclic-purchase", "engines.dividends"),
    "ScheduledReleaseEngine": ("green-points", "engines.release"),
    "RefundQueueEngine": ("guild-queue", "engines.queue"),
    "CommissionEngine": ("local-life-points", "engines.commission"),
    "Line": ("wine-points", "line"),
}


def title(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def prose(path: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its kind."""
    pattern = rf"^##? {re.escape(heading)}\n(.*?)(?=^## |\Z)"
    found = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    assert found, f"no heading {heading!r}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in ``text``, without their heads."""
    found, body = [], False
    for line in text.splitlines():
        if not line.startswith("|"):
            body = False
        elif re.fullmatch(r"[|\-: ]+", line):
            body = True
        elif body:
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def same_output(wanted: str, found: str) -> None:
    """Equal word for word; numbers to 1e-9."""
    number = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
    assert number.sub("#", wanted).split() == number.sub("#", found).split()
    for a, b in zip(number.findall(wanted), number.findall(found), strict=True):
        assert float(a) == pytest.approx(float(b), rel=1e-9), f"{a} is {b}"


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


# -- names and tables ---------------------------------------------------------------------------


def test_the_parameter_table_is_the_code() -> None:
    new = tuple(f"| `{name}` |" for name in presets() if f"| `{name}` |" not in PAGE)
    renewed = "".join(
        line for line in tables.renewed(PAGE).splitlines(True) if not line.startswith(new)
    )
    assert renewed == PAGE, "run python -m docs.tables"
    claims = tables.CLAIMS_PAGE.read_text("utf-8")
    assert tables.renewed(claims, tables.CLAIMS_TABLES) == claims, "run python -m docs.tables"
    table = {row[0].strip("`"): row for row in rows(section(MODEL, "Parameters"))}
    parameters = scheme_parameters()
    assert table.keys() == parameters.keys()
    for key, parameter in parameters.items():
        _, label, unit, allowed, _, meaning = table[key]
        assert (label, unit, meaning) == (parameter.label, parameter.unit, parameter.help)
        for bound in (parameter.minimum, parameter.maximum):
            written = re.findall(r"-?\d(?:[\d,.]*\d)?", allowed)
            assert bound is None or bound in [float(n.replace(",", "")) for n in written], key


def resolve(name: str) -> Any:
    """What a name in the documentation stands for; raises if there is no such thing."""
    if name in scheme_parameters():
        return scheme_parameters()[name]
    first, _, rest = name.partition(".")
    if first in CLASSES:
        fields = getattr(CLASSES[first], "model_fields", {})
        return fields[rest] if rest in fields else getattr(CLASSES[first], rest)
    if first in OBJECTS:
        preset, where = OBJECTS[first]
        found: Any = simulate(load(preset, set={"horizon": 1}))
        for part in where.split("."):
            found = getattr(found, part)
        found = found[0] if isinstance(found, list) else found
        assert type(found).__name__ == first
        return getattr(found, rest)
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise LookupError(name)


def test_every_symbol_has_a_name_in_the_code() -> None:
    symbols = rows(section(MODEL, "Symbols"))
    assert len(symbols) > 10
    for _, name, _, _ in symbols:
        resolve(name.strip("`"))
    units = {name.strip("`"): unit for _, name, unit, _ in symbols}
    for key, parameter in scheme_parameters().items():
        assert units.get(key, parameter.unit) == parameter.unit


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_names_of_the_code_exist(path: Path) -> None:
    families = {key.partition(".")[0] for key in scheme_parameters() if "." in key}
    known = "|".join({"model", "view", *families, *CLASSES, *OBJECTS})
    for text in re.findall(r"`([^`\n]+)`", prose(path)):
        if name := re.match(rf"(?:{known})\.[\w.]+", text):
            resolve(name[0])
        if re.fullmatch(r"(model|view|presets|pages|docs|tests|benchmarks)/[\w./-]*", text):
            assert (ROOT / text).exists() or "archive" in text, text


def test_limits_are_the_codes() -> None:
    limits = re.findall(r"`(model\.[\w.]+)`\s=\s+([\d,]+(?:\.\d+)?(?:e-?\d+)?)", MODEL)
    assert len(limits) >= 11
    for name, value in limits:
        assert resolve(name) == float(value.replace(",", ""))


PART = {"order.parts.platform": 0.1, "horizon": 30}


def test_the_ledgers_accounts_and_reasons() -> None:
    changes = {
        "order.rest": "unstated",
        "order.parts.goods": 0.1,
        "order.parts.merchant": 0.1,
        "order.parts.platform": 0.1,
        "order.parts.distribution": 0.1,
        "points_pool.debt": 100,
        "points_pool.debt_tick": 10,
        "points_pool.outside": [[2, 5000]],
        "behaviour.sell_share": 0.05,
        "horizon": 20,
        "points_pool.exit_multiple": 0.6,
    }
    runs = [
        load("wine-points", set=changes),
        load("local-life-points", set={"commission.bonuses": 0.01, "commission.prizes": 0.001}),
        load("equity-shop", set={"horizon": 10}),
        load("lifetime-points", set={"horizon": 100}),
        load("green-points", set={"platform.capital": 1e6, "horizon": 30}),
        load("ad-tasks", set={"horizon": 10}),
        load("guild-queue", set={"horizon": 30}),
        load("guild-queue", set={"refund_queue.advance_payer": "platform", **PART}),
        load("three-in-one-out", set={"refund_queue.share": 0.1, **PART}),
        load("zero-cost-marketing", set={"horizon": 10}),
    ]
    found: set[str] = set()
    paid: set[tuple[str, str, str]] = set()
    for scheme in runs:
        flows = simulate(scheme).flows[["source", "target", "reason"]].drop_duplicates()
        pools = [m.name for m in scheme.mechanisms if m.kind != "commission"]
        names = dict.fromkeys(pools, "pool") if len(pools) > 1 else {}
        for source, target, reason in flows.itertuples(index=False):
            found |= {names.get(source, source), names.get(target, target)}
            paid.add((reason, source, target))
    cells = rows(section(MODEL, "The ledger"))
    accounts = {name for row in cells if len(row) == 2 for name in re.findall("`(.+?)`", row[0])}
    assert accounts == found
    listed = {
        reason: (row[1], row[2])
        for row in cells
        if len(row) == 3
        for reason in re.findall("`(.+?)`", row[0])
    }
    assert listed.keys() == {reason for reason, _, _ in paid}
    for reason, source, target in paid:
        # A pool may be called something else in a sentence, anybody else is named.
        for account, said in zip((source, target), listed[reason], strict=True):
            pool = account == "pool" or account.endswith("_pool")
            assert pool or reason in {"order", "fee"} or f"`{account}`" in said, reason


def test_a_pool_of_several_goes_by_its_name() -> None:
    flows = simulate(load("equity-shop", set={"horizon": 3})).flows
    assert {"points_pool", "dividend_pool"} <= set(flows["target"])
    assert "such as `dividend_pool`" in section(MODEL, "The ledger")


def test_what_was_paid_has_a_payer_under_each_convention() -> None:
    for name in presets():
        for sell in (0, 0.01):
            changes = {"horizon": 120, "behaviour.sell_share": sell}
            result = simulate(load(name, set=changes))
            paid = pytest.approx(result.totals["received"])
            for method in METHODS:
                assert result.funding(method=method, bins=6).to_numpy().sum() == paid, name
            assert result.exit_split(bins=6).to_numpy().sum() == paid, name


def test_headings_that_the_code_names() -> None:
    pages: set[str] = set()
    for folder in ("model", "view", "pages", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            text = re.sub(r"\s+", " ", path.read_text("utf-8"))
            for page, heading in re.findall(r'\b(docs/[\w/-]+\.md)(?:, "([^"]+)")?', text):
                told = (ROOT / page).read_text("utf-8")
                assert not heading or re.search(rf"^## {re.escape(heading)}$", told, re.MULTILINE)
                pages.add(page)
    assert {path.relative_to(ROOT).as_posix() for path in MECHANISMS} & pages


def test_every_mechanism_has_its_page() -> None:
    assert set(KINDS) <= {path.stem for path in MECHANISMS}
    for path in MECHANISMS:
        assert f"](mechanisms/{path.name})" in PAGE


def test_columns_of_the_other_kinds() -> None:
    result = simulate(load("cyclic-purchase", set={"horizon": 3}))
    columns = {*result.series.columns, *result.cohorts.columns}
    told = {row[0].strip("`") for row in rows(section(MODEL, "Series and cohorts"))}
    assert told <= columns
    assert len(told) == 7


def test_the_readme_names_the_columns() -> None:
    result = simulate(load("wine-points", set={"horizon": 3}))
    listed = {row[0].strip("`"): row[1] for row in rows(README) if row[0].startswith("`result.")}
    series = listed["result.series"].removeprefix("one row a tick: ").split(", ")
    assert series == result.series.columns.tolist()
    cohorts = listed["result.cohorts"].removeprefix("one row an entry tick: ")
    named = cohorts.removesuffix(" and more").split(", ")
    assert named == result.cohorts.columns[: len(named)].tolist()
    flows = listed["result.flows"].partition(":")[0].split(", ")
    assert flows == result.flows.columns.tolist()


# -- examples -----------------------------------------------------------------------------------


def test_the_readmes_python_prints_what_it_says() -> None:
    (code,), (printed,) = blocks(README, "python"), blocks(README, "text")
    ran = python("-c", code)
    assert ran.returncode == 0, ran.stderr
    same_output(printed, ran.stdout)


def test_the_example_of_a_claim_prints_what_it_says() -> None:
    page = tables.CLAIMS_PAGE.read_text("utf-8")
    (code,), (printed,) = blocks(page, "python"), blocks(page, "text")
    ran = python("-c", code)
    assert ran.returncode == 0, ran.stderr
    same_output(printed, ran.stdout)


def test_the_readmes_commands_print_what_they_say() -> None:
    (console,) = blocks(README, "console")
    calls = re.findall(r"^\$ \.venv/bin/python (.+)\n((?:(?!\$ ).*\n)*)", console, re.MULTILINE)
    assert len(calls) == 2
    for call, printed in calls:
        ran = python(*call.split())
        same_output(printed, ran.stdout + ran.stderr)
        refused = "not allowed" in printed
        assert (ran.returncode, bool(ran.stdout)) == ((2, False) if refused else (0, True))


#: `python3` makes the environment, and `py` does on Windows; everything else is the environment's.
BARE = re.compile(
    r"(?<![\w./\\])(?:python|pip|streamlit|uvicorn|pytest|ruff|mypy) (?:-m|run|install|app)"
)


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_no_command_needs_a_python_that_a_fresh_machine_has_not(path: Path) -> None:
    """Neither Debian nor macOS has a `python`, and nothing is installed outside `.venv`."""
    text = re.sub(r"<!--.*?-->", "", path.read_text("utf-8"))
    assert (
        len(BARE.findall("Run `pip install x`, then\npython -m view; not .venv/bin/pip install"))
        == 2
    )
    assert BARE.findall(text) == []


EXAMPLES = blocks((ROOT / "docs" / "adding-a-scheme.md").read_text("utf-8"), "toml")


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_examples_of_a_scheme_load_and_are_complete(text: str, tmp_path: Path) -> None:
    preset = Preset.model_validate(tomllib.loads(text))
    path = tmp_path / f"{preset.id}.toml"
    path.write_text(text, encoding="utf-8")
    scheme = load(str(path), set={"horizon": 30})
    assert simulate(scheme).totals["buyers"] == 30 * scheme.demand.orders_per_tick
    parameters = scheme_parameters(scheme)
    for value in preset.value:
        assert value.unit == parameters[value.key].unit
        assert value.quality != "assumed" or value.note
    named = {entry.source for entry in (*preset.value, *preset.figure, *preset.fact)}
    assert named <= sources().keys()


def test_the_example_of_points() -> None:
    preset = Preset.model_validate(tomllib.loads(EXAMPLES[0]))
    assert preset.scheme().most_paid == pytest.approx(
        270
    )  # (1 - 0.1) x 1.5 x 200, as its note says
    agreeing = [agrees for _, _, agrees in reproduced(preset)]
    assert agreeing == [True]


def test_the_example_of_several_mechanisms() -> None:
    preset = Preset.model_validate(tomllib.loads(EXAMPLES[1]))
    scheme = preset.scheme()
    assert [m.name for m in scheme.mechanisms] == ["dividend_pool", "yearly_pool", "commission"]
    weekly, yearly = (scheme.mechanism(name) for name in ("dividend_pool", "yearly_pool"))
    assert weekly is not None
    assert yearly is not None
    # 1.2 times 300 and 900 yuan, three quarters and one quarter; the yearly one has no end.
    assert scheme.limit(weekly) == pytest.approx(1.2 * (0.75 * 300 + 0.25 * 900))
    assert scheme.limit(yearly) is None
    assert scheme.most_paid is None


def test_every_field_of_a_preset_is_explained() -> None:
    text = (ROOT / "docs" / "adding-a-scheme.md").read_text("utf-8")
    explained = set(re.findall(r"`(\w+)[^`\n]*`", section(text, "Field by field")))
    assert {"key", "note"} <= explained
    assert not explained & {"mood", "weather"}
    for model in (Preset, Value, Figure, Fact, Part):
        missing = set(model.model_fields) - explained - {"value", "figure", "fact"}
        assert not missing, f"{model.__name__}: {missing}"


# -- figures ------------------------------------------------------------------------------------

SETTLED = {
    "points_pool.exit_multiple": 1.2,
    "points_pool.fee": 0.2,
    "demand.orders_per_tick": 1000,
    "horizon": 400,
}


def percent(text: str) -> float:
    return float(text.replace("%", "").strip())


def test_a_days_settlement() -> None:
    part = section(MODEL, "A day's settlement and order by order")
    (_, each_price, each_paid), (_, day_price, day_paid), (_, price, paid) = rows(part)
    scheme = load("wine-points", set=SETTLED)
    each = reference.float_loop(scheme, [1000] * 400, settle="order")
    daily = simulate(scheme)
    assert float(each_price) == pytest.approx(each.price[-1], abs=5e-4)
    assert float(each_paid.replace(",", "")) == pytest.approx(each.paid)
    assert float(day_price) == pytest.approx(daily.totals["price"], abs=5e-4)
    assert float(day_paid.replace(",", "")) == pytest.approx(daily.totals["received"])
    gap = 100 * (daily.series["price"].to_numpy() / each.price - 1)
    assert percent(price) == pytest.approx(gap[-1], abs=0.05)
    less = 100 * (daily.totals["received"] / each.paid - 1)
    assert percent(paid) == pytest.approx(less, abs=5e-3)
    assert f"{sum(each.forced)} are paid order by order and {daily.totals['forced']:.0f}" in part
    for day in (1, 10, 100):
        said = re.search(rf"(-[\d.]+) % after day\s+{day}\b", part)
        assert said
        assert float(said[1]) == pytest.approx(gap[day - 1], abs=6e-3)
    for orders, horizon, less in ((100, 400, -0.2), (10_000, 100, -2.4)):
        volume = {**SETTLED, "demand.orders_per_tick": orders, "horizon": horizon}
        scheme = load("wine-points", set=volume)
        each = reference.float_loop(scheme, [orders] * horizon, settle="order")
        gap = 100 * (simulate(scheme).totals["price"] / each.price[-1] - 1)
        assert gap == pytest.approx(less, abs=0.05)
    assert "(100 a day: -0.2 %; 10,000: -2.4 % after 100 days)" in part


def test_a_days_settlement_of_the_presets() -> None:
    part = section(MODEL, "A day's settlement and order by order")
    assert "at most 0.07 % in price over a year, and by one exit of 139 at most" in part
    for name in ("wine-points", "thousand-yuan-points", "local-life-points"):
        scheme = load(name)
        each = reference.float_loop(scheme, [1000] * 365, settle="order")
        daily = simulate(scheme)
        assert abs(daily.totals["price"] / each.price[-1] - 1) < 7e-4
        fewer = sum(each.forced) - daily.totals["forced"]
        assert fewer == (1 if name == "local-life-points" else 0)
    assert sum(each.forced) == 139


def closing_price(orders: int, days: int) -> tuple[float, float, float]:
    """The alternative of decision 1: (last price, cash paid, most paid before the fee)."""
    pool = supply = paid = most = 0.0
    price, line, oldest = 1.0, [], 0
    for _ in range(days):
        for _ in range(orders):
            line.append(21 / price)
            supply += 21 / price
            pool += 30
            price = pool / supply
        while line[oldest] * price >= 120:
            close, first = price, oldest
            while line[oldest] * close >= 120:
                oldest += 1
            points = sum(line[first:oldest])
            most = max(most, line[first] * close)
            paid += 0.8 * points * close
            pool -= 0.8 * points * close
            supply -= points
            price = pool / supply
    return price, paid, most


def test_decision_one() -> None:
    text = (ROOT / "docs" / "decisions" / "0001-forced-exit-paid-exactly.md").read_text("utf-8")
    each = reference.float_loop(load("wine-points", set=SETTLED), [1000] * 400, settle="order")
    (_, price, paid, most), (_, exact_price, exact_paid, exact_most) = rows(text)
    found = closing_price(1000, 400)
    assert percent(price) == pytest.approx(100 * (found[0] / each.price[-1] - 1), abs=0.05)
    assert percent(paid) == pytest.approx(100 * (found[1] / each.paid - 1), abs=5e-3)
    assert float(most) == pytest.approx(found[2], abs=5e-3)
    assert float(exact_most) == 120
    part = section(MODEL, "A day's settlement and order by order")
    assert [exact_price, exact_paid] == rows(part)[-1][1:]
    for orders, worth in ((1000, "216.55"), (54_765, "719.56")):
        changes = {
            "demand.orders_per_tick": orders,
            "horizon": 1,
            "points_pool.exit_multiple": None,
        }
        close = simulate(load("wine-points", set=changes)).totals["price"]
        assert worth in text
        assert float(worth) == pytest.approx(21 * close, abs=5e-3)


def test_crowd_factors() -> None:
    part = section(MODEL, "Crowd factor")
    plain = [row for row in rows(part) if len(row) == 3]
    assert len(plain) == 4
    for multiple, *factors in plain:
        for share, factor in zip((0.3, 0.16), factors, strict=True):
            pool = PointsPool(share=share, gift=0.7)
            ours = crowd_factor(float(multiple.split()[0]), pool=pool)
            assert float(factor.replace(",", "")) == round(ours)
    settled = [row for row in rows(part) if len(row) == 4]
    assert len(settled) == 4
    for what, nobody, exits, loop in settled:
        found = re.fullmatch(r"([\d.]+)x, a = ([\d.]+), f = ([\d.]+)", what)
        assert found
        multiple, share, fee = map(float, found.groups())
        pool = PointsPool(share=share, gift=0.7, fee=fee)
        assert float(nobody) == pytest.approx(crowd_factor(multiple, pool=pool), abs=0.05)
        ours = crowd_factor(multiple, pool=pool, forced_exits=True)
        assert float(exits) == pytest.approx(ours, abs=0.05)
        assert float(loop) == pytest.approx(ours, rel=1e-3)
    pool = PointsPool(share=0.3, gift=0.7)
    assert order_reaching(1, place=1, pool=pool) == 76
    assert order_reaching(2, place=1, pool=pool) == 768
    assert 100 * median_value(pool=pool) == pytest.approx(25.85, abs=5e-3)
    assert 100 * share_holding(0.3, pool=pool) == pytest.approx(30.5, abs=0.05)
    assert 100 * share_holding(1, pool=pool) == pytest.approx(0.55, abs=5e-3)
    for figure in ("76 orders", "768", "25.85 of 100", "30.5 %", "0.55 %"):
        assert figure in part


def test_yardsticks() -> None:
    part = section(MODEL, "Yardstick")
    pool = {"kind": "dividend_pool", "spend_per_unit": 1000, "quota_multiple": None}

    def dividends(**settings: Any) -> Scheme:
        return Scheme.model_validate({"mechanisms": [pool | settings]})

    for share, factor in ((0.3, "28"), (0.2, "148"), (0.1, "22,026")):
        found = yardstick(dividends(share=share)).back
        assert f"{found:,.0f}" == factor
        assert factor in part
    twice = yardstick(dividends(share=0.3, quota_multiple=2.0))
    assert twice.promised == pytest.approx(779, abs=0.5)
    assert "779 for all of it" in part
    forced = yardstick(load("local-life-points"))
    assert forced.promised == pytest.approx(2623, abs=0.5)
    assert "2623 for the forced exit" in part

    def growth(multiple: float, days: int, share: float) -> float:
        release = {
            "kind": "scheduled_release",
            "share": share,
            "gift_multiple": multiple,
            "daily_rate": multiple / days,
        }
        found = yardstick(Scheme.model_validate({"mechanisms": [release]})).growth
        assert found is not None
        return 100 * found

    assert growth(1, 500, 0.16) == pytest.approx(1.2475, abs=5e-5)
    assert growth(3, 250, 1.0) == pytest.approx(1.13, abs=5e-3)
    assert growth(3, 250, 0.3) == pytest.approx(4.0, abs=0.05)
    # In a line that grows without steps: M (1 - e^(-qD)) / (qD) = a.
    assert -math.expm1(-0.012476 * 500) / (0.012476 * 500) == pytest.approx(0.16, rel=1e-4)
    assert math.log(2) / math.log1p(0.012476) == pytest.approx(56, abs=0.1)
    for said in ("1.2476 % a day", "1.2475 %", "1.13 %", "4.0 %", "56 days"):
        assert said in part
    assert yardstick(load("three-in-one-out")).promised == pytest.approx(3)


def test_yardsticks_with_people_who_give_up() -> None:
    ranks = {"dividend_pool.share": 0.3, "dividend_pool.rank_share": 0}
    queue = {"refund_queue.advance": 0, "refund_queue.share": 0.2}
    schemes = [
        ("thousand-yuan-points", {"points_pool.exit_multiple": None}),
        ("cyclic-purchase", ranks),
        ("guild-queue", queue),
    ]
    said = [row for row in rows(section(MODEL, "Yardstick")) if len(row) == 4]
    assert len(said) == 3
    for (preset, changes), (_, nobody, stays, of_all) in zip(schemes, said, strict=True):
        run = {**changes, "horizon": 1095, "demand.orders_per_tick": 1000}
        assert yardstick(load(preset, set=run)).back == pytest.approx(float(nobody), rel=0.02)
        result = simulate(load(preset, set={**run, "behaviour.sell_share": 0.001}))
        assert simulated_back(result) == pytest.approx(float(stays), rel=0.02)
        assert 1 / simulated_share(result) == pytest.approx(float(of_all), rel=0.02)


def test_five_years_of_dividends() -> None:
    part = section(MODEL, "Dividend pool")
    changes = {"dividend_pool.rank_share": 0, "horizon": 1825}
    result = simulate(load("cyclic-purchase", set=changes))
    each = result.cohorts["received"] / result.cohorts["buyers"]
    assert round(each.loc[1]) == 1617
    assert round(each.loc[913]) == 139
    assert result.cohorts["even"].sum() == 0
    for figure in ("1617 of 2000", "139", "nobody is whole"):
        assert figure in re.sub(r"\s+", " ", part)


def test_who_holds_the_pool() -> None:
    """If nobody sells: the oldest 1 % of orders 4 %, the newest half 38 %."""
    changes = {"points_pool.exit_multiple": None, "demand.orders_per_tick": 1e5, "horizon": 1000}
    result = simulate(load("wine-points", set=changes))
    held = result.cohorts["held_value"] / result.totals["pool"]
    assert held.iloc[:10].sum() == pytest.approx(0.04, abs=5e-4)
    assert held.iloc[500:].sum() == pytest.approx(0.384, abs=1e-3)
    assert result.totals["price"] == pytest.approx(326, abs=0.5)
    assert "oldest 1 % of orders hold 4 % of the pool, the newest half 38 %" in MODEL


def test_where_a_run_stands_still() -> None:
    changes = {
        "points_pool.exit_multiple": None,
        "points_pool.fee": 0.5,
        "behaviour.sell_share": 0.5,
        "demand.orders_per_tick": 1,
        "horizon": 1000,
    }
    halted = simulate(load("wine-points", set=changes)).engine.halted_at
    assert f"({halted} days)" in section(MODEL, "Limits of the numbers")


def test_one_crowd_factor_by_counting() -> None:
    """A million orders one by one: 298 for 1.2x, a = 0.3, f = 0.2."""
    changes = {"points_pool.exit_multiple": 1.2, "points_pool.fee": 0.2}
    loop = reference.float_loop(load("wine-points", set=changes), [1_000_000], settle="order")
    assert 1_000_000 / sum(loop.forced) == pytest.approx(297.8, abs=0.05)


def test_figures_of_the_assumptions() -> None:
    text = (ROOT / "docs" / "assumptions.md").read_text("utf-8")
    pool = load("thousand-yuan-points").pool
    assert "16.81 instead of 14.29 and 20.41" in text
    for places, price in (([1, 2], 16.81), ([1], 14.29), ([2], 20.41)):
        assert member_exit_price(places, multiple=3, pool=pool) == pytest.approx(price, abs=5e-3)
    # Together: (1 - 0.8 x) / (1 - x); one after the other: (1 - x)^-0.2.
    assert "0.2020 % against 0.2012 %" in text
    for part, together, in_turn in ((0.01, 0.002020, 0.002012), (0.5, 0.2, 0.1487)):
        left = 1 - part
        assert (1 - 0.8 * part) / left - 1 == pytest.approx(together, abs=5e-7)
        assert left**-0.2 - 1 == pytest.approx(in_turn, rel=5e-4)
    assert "20 % against 14.9 %" in text


# -- the texts themselves -------------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    """Where one can link to in a page."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(path: Path) -> Iterator[str]:
    yield from re.findall(r"\]\(([^)\s]+)\)", prose(path))


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = list(links(folder / "README.md"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))
    for path in folder.glob("0*.md"):
        headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name


#: Places on somebody's machine, and words that judge people instead of rules.
UNWELCOME = re.compile(
    r"(?<![\w.])/(work|root|home|tmp|Users)\b|\bC:\\"
    r"|\b(hid(e|es|ing|den)|scam\w*|swindl\w*|victim\w*|crook\w*|cheat\w*|liars?|lies|greed\w*|dupe\w*"
    r"|trick\w*|fool\w*|stupid\w*|naive\w*|shame\w*|guilty|sucker\w*|ponzi)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", [*PAGES, ROOT / "CITATION.cff"], ids=title)
def test_no_unwelcome_words(path: Path) -> None:
    assert len(UNWELCOME.findall("See /home/me: a scam that tricks its Victims.")) == 4
    found = [match[0] for match in UNWELCOME.finditer(path.read_text("utf-8"))]
    assert not found


def test_the_glossary_is_complete() -> None:
    entries = rows((ROOT / "docs" / "glossary.md").read_text("utf-8"))
    assert len(entries) >= 30
    terms = [english for english, _, _ in entries]
    assert len(set(terms)) == len(terms)
    for english, chinese, meaning in entries:
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
        assert meaning.endswith("."), english


def test_version_and_date_agree() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", changes, re.MULTILINE)
    assert newest
    assert f"\nversion: {newest[1]}\n" in citation
    assert f"\ndate-released: {newest[2]}\n" in citation
    assert "### Changes results" in changes
    for name in golden.kept():
        assert f"`{name}`" in changes, name


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_no_section_stands_twice_on_a_page(path: Path) -> None:
    def twice(text: str) -> list[str]:
        heads = re.findall(
            r"^#{1,3} .+$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE
        )
        return [head for head in set(heads) if heads.count(head) > 1]

    assert twice("## a\nb\n## a\n") == ["## a"]
    if path.name != "CHANGELOG.md":  # each version has its Added and its Fixed
        assert not twice(path.read_text("utf-8"))
