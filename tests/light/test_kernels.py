"""The loops in the browser come to the same as the model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from model import load, presets, simulate
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
    """Everything the script says against a run of the model."""
    result = simulate(scheme)
    cohorts, totals, ticks = result.cohorts, result.totals, scheme.horizon
    spent = float(cohorts["spent"].sum())
    # What is nothing beside the least that anybody can be paid by a rule is left by rounding: a
    # billionth of a price for each buyer of a day, and of all sales for what is everybody's.
    for name in ("buyers", "received"):
        wanted = np.zeros(ticks)
        wanted[cohorts.index.to_numpy() - 1] = cohorts[name].to_numpy(dtype=float)
        mine = np.array(found[name], dtype=float)
        np.testing.assert_allclose(mine, wanted, rtol=CLOSE, atol=CLOSE, err_msg=name)
    for name, key in (
        ("pool", "pool"),
        ("paid", "received"),
        ("held", "held"),
        ("left", "left"),
        ("price", "price"),
    ):
        assert found[name] == pytest.approx(totals[key], rel=CLOSE, abs=CLOSE), (name, spent)


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
        if sent is not None:
            schemes.append(scheme)
            settings.append(sent)
    for scheme, found in zip(schemes, play(page, settings), strict=True):
        try:
            compare(scheme, found)
        except AssertionError as error:
            raise AssertionError(f"{scheme!r}") from error
