"""The loops in the browser come to the same as the model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from model import load, presets, simulate
from model.mechanisms.base import NOTHING
from model.scheme import Scheme, scheme_parameters
from tests.model.agree import SEARCH
from view.light.kernels import RULES, SCRIPT, settings_for
from view.money import live
from view.parts import knobs
from view.parts.controls import from_widget

CLOSE = 1e-9
#: Random settings of each family, and of the presets in it.
NUMBER = 60 if SEARCH == 1 else 200 * SEARCH
#: Settings that are sent to the browser at once.
BATCH = 100
FAMILIES = tuple(RULES)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A blank page with nothing but the script, without errors of any kind."""
    wrong: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_script_tag(content=SCRIPT.read_text("utf-8"))
    yield page
    page.close()
    assert not wrong


def play(page: Page, settings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for at in range(0, len(settings), BATCH):
        found += page.evaluate("(all) => all.map(whoPays)", settings[at : at + BATCH])
    return found


def compare(scheme: Scheme, found: dict[str, Any]) -> None:
    """Everything the script says against a run of the model.

    Of money, what is below NOTHING of what was spent (of a day's orders, or of all) is what
    rounding leaves of all that was there, in the model's own words, and no yuan of anybody's. Of
    buyers and of a part that was paid a billionth is none.
    """
    result = simulate(scheme)
    cohorts, totals, ticks = result.cohorts, result.totals, scheme.horizon
    spent = np.zeros(ticks)
    spent[cohorts.index.to_numpy() - 1] = cohorts["spent"].to_numpy(dtype=float)
    for name, floor in (("buyers", CLOSE), ("received", NOTHING * spent)):
        wanted = np.zeros(ticks)
        wanted[cohorts.index.to_numpy() - 1] = cohorts[name].to_numpy(dtype=float)
        mine = np.array(found[name], dtype=float)
        off = np.abs(mine - wanted) > CLOSE * np.abs(wanted) + floor
        assert not off.any(), (name, np.flatnonzero(off), mine[off], wanted[off])
    money = NOTHING * float(spent.sum())
    for name, key, least in (
        ("pool", "pool", money),
        ("paid", "received", money),
        ("held", "held", money),
        ("left", "left", CLOSE),
        ("price", "price", CLOSE),
    ):
        assert found[name] == pytest.approx(totals[key], rel=CLOSE, abs=least), name


def decided(scheme: Scheme) -> bool:
    """Whether it is beyond rounding on which day each order falls.

    Growth takes exponentials, of which two machines may differ in the last digit. Where thousands
    of millions of orders are added up to a whole number all but that digit, the last one of them
    may then be today's or tomorrow's.
    """
    demand = scheme.demand
    if demand.kind == "steady":
        return True
    days = np.arange(scheme.horizon)
    volume = np.log(demand.orders_per_tick) + days * np.log1p(demand.growth)
    total = np.cumsum(np.exp(np.minimum(volume, np.log(1e9)))) * (1 + 1e-12) + 1e-9
    return bool((np.abs(total - np.round(total)) > 1e-13 * total).all())


def of_family(kind: str) -> list[str]:
    return [
        name
        for name in presets()
        if [m.kind for m in load(name).mechanisms if m.has_pool] == [kind]
    ]


def random_value(scheme: Scheme, key: str, rng: random.Random) -> Any:
    """Any value of a knob: a stop of its slider, or what can be typed beside it."""
    parameter = scheme_parameters(scheme)[key]
    if knobs.kind_key(scheme, key) in knobs.CHOICES:
        return rng.choice(knobs.options(scheme, key))
    if rng.random() < 0.7 or parameter.minimum is None or parameter.maximum is None:
        return from_widget(parameter, rng.choice(live.stops(scheme, key)))
    low, high = parameter.minimum, parameter.maximum
    if parameter.unit in {"ticks", "count"} and float(parameter.default).is_integer():
        return rng.randint(int(low), int(high))
    even = low + (high - low) * rng.random()
    return even if low <= 0 or rng.random() < 0.5 else low * (high / low) ** rng.random()


def random_scheme(name: str, rng: random.Random) -> Scheme:
    """A preset with its knobs anywhere, for a number of days that is soon played."""
    while True:
        scheme = load(name)
        values: dict[str, Any] = {
            key: random_value(scheme, key, rng) for key in knobs.headline(scheme)
        }
        values["demand.kind"] = "growing" if values["demand.growth"] else "steady"
        values["horizon"] = rng.choice((7, 30, 90, 200))
        try:
            return load(name, set=values)
        except ValueError:
            continue  # shares that are more than the price together


def supported(name: str) -> bool:
    return settings_for(load(name)) is not None


@pytest.mark.parametrize("name", [name for name in presets() if supported(name)])
def test_a_preset_as_it_stands(page: Page, name: str) -> None:
    scheme = load(name)
    (found,) = play(page, [settings_for(scheme) or {}])
    compare(scheme, found)


@pytest.mark.parametrize("kind", FAMILIES)
def test_knobs_anywhere(page: Page, kind: str) -> None:
    names = [name for name in of_family(kind) if supported(name)]
    rng = random.Random(f"{kind}{random.random() if SEARCH > 1 else ''}")
    schemes, settings = [], []
    while len(schemes) < NUMBER:
        scheme = random_scheme(names[len(schemes) % len(names)], rng)
        sent = settings_for(scheme)
        if sent is not None and decided(scheme):
            schemes.append(scheme)
            settings.append(sent)
    for scheme, found in zip(schemes, play(page, settings), strict=True):
        try:
            compare(scheme, found)
        except AssertionError as error:
            raise AssertionError(f"{scheme!r}") from error
