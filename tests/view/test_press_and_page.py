"""A sheet says of a run what the page says: the same order, length, day and conditions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from model import presets, simulate
from model.figures import figures, pays_for_itself
from model.library import preset
from model.result import Result
from view.money import live
from view.parts import context
from view.press import press_data, press_sheet
from view.press.press_sheet import Sheet
from view.sentences import findings
from view.settings.state import Settings
from view.words.format import count, yuan
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

assert context  # registers the parameters' English words

#: Settings at the ends of what the knobs allow, and some that break a run; used where they hold.
EXTREMES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "one order": {"demand.kind": "list", "demand.orders": [1], "horizon": 40},
    "none": {"demand.kind": "list", "demand.orders": [0], "horizon": 40},
    "a short run": {"horizon": 1},
    "order by order": {"tick": "order", "horizon": 300},
    "growing": {"demand.kind": "growing", "demand.growth": 0.05, "horizon": 150},
    "no more orders": {"demand.stop_tick": 10, "horizon": 60},
    "everybody gives up": {"behaviour.sell_share": 1.0, "horizon": 60},
    "few give up": {"behaviour.sell_share": 0.02, "horizon": 60},
    "the price soars": {"points_pool.exit_multiple": 1.05, "points_pool.share": 0.9},
    "it soars in orders": {
        "points_pool.exit_multiple": 1.05,
        "points_pool.share": 1.0,
        "tick": "order",
        "horizon": 2000,
    },
    "no forced exit": {"points_pool.exit_multiple": None, "horizon": 60},
    "no fee": {"points_pool.fee": 0.0, "horizon": 60},
    "a high fee": {"points_pool.fee": 0.5, "horizon": 60},
    "little to pay out": {"scheduled_release.share": 0.01, "horizon": 60},
    "all to pay out": {"scheduled_release.share": 1.0, "horizon": 60},
    "pay by itself": {
        "scheduled_release.share": 0.5,
        "scheduled_release.gift_multiple": 0.4,
        "scheduled_release.daily_rate": 1.0,
        "horizon": 60,
    },
    "stop": {"platform.policy": "stop", "scheduled_release.share": 0.05},
    "raise the fee": {"platform.policy": "raise_fee", "scheduled_release.share": 0.05},
    "raise the minimum": {"platform.policy": "raise_minimum", "scheduled_release.share": 0.05},
    "cheap": {"order.spend": 0.01, "horizon": 60},
    "dear": {"order.spend": 1e7, "demand.orders_per_tick": 1e6, "horizon": 60},
    "two packages": {"order.packages": ((1.0, 0.75), (40.0, 0.25)), "horizon": 60},
}


def settings_of(name: str) -> list[dict[str, Any]]:
    """The settings that this preset can have."""
    chosen, found = preset(name), []
    for changes in EXTREMES.values():
        try:
            chosen.scheme(changes)
        except ValueError:
            continue
        found.append(changes)
    return found


CASES = [pytest.param(name, id=name) for name in presets()]


def mean(result: Result) -> tuple[float, float | None]:
    """(price, most paid) of the average order, package by package from the rules alone."""
    scheme = result.scheme
    price, most = 0.0, 0.0
    for package, (cost, share) in enumerate(scheme.order.choices):
        price += share * cost
        limit = scheme.most_paid_for(package)
        if limit is None:
            return sum(c * s for c, s in scheme.order.choices), None
        most += share * limit
    return price, most


def page_of(result: Result, settings: Settings, lang: str) -> str:
    """All that Follow the money says of the run, in words."""
    shown = live.Shown(settings=settings, lang=lang, dark=False, height=310)
    told = live.moving_parts(result, shown)
    said = [told[key] for key in ("finding", "assume", "note", "besides")]
    return " ".join([*said, *(panel["title"] for panel in told["panels"])])


def check(made: Sheet, result: Result, settings: Settings, lang: str) -> None:
    w, scheme = Words(lang, strict=True), result.scheme
    page, found = page_of(result, settings, lang), figures(result)
    readme = press_data.readme(made, "https://who.example/", w)

    # One order, the same everywhere: what the run paid each is never beside another's limit.
    price, most = mean(result)
    assert found["spend"] == pytest.approx(price)
    assert found.get("most") == (None if most is None else pytest.approx(most))
    assert found["reaches"] <= found["spend"] * (1 + 1e-9)
    if found["buyers"] >= 1000:
        assert found["spent"] / found["buyers"] == pytest.approx(price, rel=0.1)
        if "most" in found and scheme.behaviour.sell_share == 0 and not result.records:
            assert found["received"] / found["buyers"] <= found["most"] * (1 + 1e-6)
    if "spend" in made.quoted:
        assert made.quoted["spend"] == yuan(price, lang)
    if len(scheme.order.choices) > 1:
        for cost in (min(c for c, _ in scheme.order.choices), scheme.order.choices[-1][0]):
            assert yuan(cost, lang) in made.conclusion

    # The same length.
    halted = findings.halted(result, w)
    time = findings.time(result, w)
    if time in page and scheme.tick == "day" and found["buyers"]:
        assert time in made.conclusion
    if not halted and scheme.tick == "day":
        assert time == w("format.days", n=count(scheme.horizon, lang))

    # The same day on which it stood still, or on which less was paid.
    for told in (page, made.conclusion, readme):
        assert halted in told
    if halted:
        engine = result.engine
        assert engine.halted_at is not None
        assert count(engine.halted_at, lang) in halted
        assert result.line.orders[engine.halted_at - 1 :].sum() == 0
        assert result.line.orders[engine.halted_at - 2] > 0
        if not result.records:
            assert time == w(
                "format.days" if scheme.tick == "day" else "finding.orders",
                n=count(engine.halted_at - 1, lang),
            )
    if result.broken is not None and found["buyers"]:
        day = count(result.broken.tick, lang)
        assert made.quoted.get("pays_less_from", day) == day
        if "pays_less_from" in made.quoted:
            assert re.search(rf"(?<![\d,]){day}(?![\d,])", page)

    # The same conditions, and what comes on top.
    conditions = findings.conditions(scheme, w)
    if found["buyers"]:
        assert conditions.strip() in made.conclusion
    besides = findings.besides(result, w)
    assert made.besides == besides
    assert besides in page
    assert besides in readme
    # Where the page says that every order paid for itself the sheet does, and nowhere else.
    sound = pays_for_itself(result)
    numbers = {key: made.quoted.get(key, "") for key in ("spend", "reaches", "most")}
    assert (w("press.rule.covered", **numbers) in made.conclusion) == sound


@pytest.mark.part(2)
@pytest.mark.parametrize("name", CASES)
def test_the_sheet_says_what_the_page_says(name: str) -> None:
    chosen = preset(name)
    for at, changes in enumerate(settings_of(name)):
        lang = LANGS[at % len(LANGS)]
        settings = Settings(chosen, changes, {"zoom": "off"})
        result = simulate(chosen.scheme(changes))
        made = press_sheet.of_scheme(chosen, changes, Words(lang, strict=True))
        check(made, result, settings, lang)
