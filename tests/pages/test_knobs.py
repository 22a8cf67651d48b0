"""Every knob does something, says so in the address, and comes back."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import load, presets, simulate
from model.funding import exit_split
from model.library import preset
from model.preset import Preset
from model.result import Result
from model.scheme import Scheme, scheme_parameters
from tests.pages.visit import (
    SCRIPTS,
    figures,
    finding,
    html,
    number_input,
    number_inputs,
    opened,
    with_its_note,
    working,
)
from view.check import check
from view.mechanisms.points_pool import crowd
from view.mechanisms.points_pool import offered as points_offered
from view.money import money
from view.pages import ROOT
from view.parts import knobs as offered
from view.pictures import charts, panels
from view.sentences import answers, findings
from view.settings import state
from view.words.format import days, yuan
from view.words.words import Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(4)

UNSURE = tuple(f"points_pool.{name}" for name in points_offered.UNSURE)

W = Words("en", strict=True)
#: Settings under which a knob has something to do, beside the preset's.
SELLERS = {"points_pool.exit_multiple": "none", "behaviour.sell_share": "0.01"}
OFTEN = {"points_pool.exit_multiple": "1.2", "points_pool.share": "0.4"}
STAGE: dict[str, dict[str, str]] = {
    "demand.population": {"demand.kind": "saturating", "demand.growth": "0.05"},
    "behaviour.take_profit_share": {"behaviour.take_profit": "1.1"},
    "behaviour.panic_share": {"behaviour.panic_growth": "0.5"},
    "points_pool.swap_back_share": {"points_pool.swap_share": "0.01"},
    "points_pool.debt_tick": {"points_pool.debt": "1e6"},
    "points_pool.debt_batches": {"points_pool.debt": "1e6"},
    "points_pool.debt_interval": {"points_pool.debt": "1e6", "points_pool.debt_batches": "3"},
    "points_pool.outside#day": {"points_pool.outside": "[[30,1e6]]"},
    "points_pool.fee": SELLERS,
}
#: Where to move a knob to; the others go one step up from where they are.
TARGETS: dict[str, Any] = {
    "points_pool.exit_multiple": 0.5,
    "demand.orders_per_tick": 2000.0,
    "demand.kind": "growing",
    "demand.stop_tick": 100,
    "demand.population": 20_000.0,
    "points_pool.issue_cap": 1e5,
    "behaviour.take_profit": 1.1,
    "behaviour.panic_growth": 5.0,
    "points_pool.debt": 1e6,
    "points_pool.outside#yuan": 1e6,
    "points_pool.outside#day": 60,
}
#: Knobs that set another parameter's value, or how the pictures are drawn.
NO_PARAMETER = {"scheme", "view", "zoom-toggle", "csv", "reset-button"}


def knobs(at: AppTest, page: str = "money") -> dict[str, Any]:
    """The widgets of a page by their key without its name."""
    found = {}
    kinds = ("slider", "select_slider", "selectbox", "toggle", "pills")
    for widgets in (number_inputs(at), *(at.get(kind) for kind in kinds)):
        for widget in widgets:
            name, _, key = (widget.key or "").partition("|")
            if name == page:
                found[key] = widget
    return found


def scheme_of(at: AppTest) -> state.Settings:
    """What the address says now."""
    query = {key: str(value) for key, value in at.query_params.items()}
    found = state.parse(query, page=money.OWN)
    assert not found.problems
    return found


def differs(a: Result, b: Result) -> bool:
    """Whether anything shown has changed."""
    return not (
        a.series.equals(b.series)
        and a.cohorts.equals(b.cohorts)
        and exit_split(a).equals(exit_split(b))
    )


def keys_of(scheme: Scheme) -> list[str]:
    """All parameters the page offers as knobs, lists left out."""
    keys = [*offered.headline(scheme), *(k for g in offered.more(scheme) for k in g.keys)]
    assert len(keys) == len(set(keys))
    return [k for k in keys if k == offered.OUTSIDE or not isinstance(scheme.get(k), tuple)]


def every_knob() -> list[str]:
    """All widgets of a points pool's page, whatever must be set to see them."""
    shown = {"points_pool.outside#yuan", "points_pool.outside#day"}
    for stage in ({}, *STAGE.values()):
        changes = {key: state.value_of(text) for key, text in stage.items()}
        shown |= set(keys_of(preset("wine-points").scheme(changes))) - {offered.OUTSIDE}
    return sorted(shown)


def moved(widget: Any, key: str) -> Any:
    """Move a knob to its target, or one step up (down at the end)."""
    if key in TARGETS:
        return widget.set_value(TARGETS[key])
    low, high = widget.min, widget.max
    value, step = widget.value or 0, widget.step
    up = value + step
    return widget.set_value(up if high is None or up <= high else max(value - step, low or 0))


@pytest.mark.part(3)
@pytest.mark.parametrize("key", every_knob())
def test_no_knob_is_dead(key):
    """One step: the address gets the parameter, and the run and what is shown of it change."""
    at = opened("money", {"scheme": "wine-points", **STAGE.get(key, {})})
    before, said, drawn = scheme_of(at), finding(at), figures(at)
    moved(knobs(at)[key], key).run()
    working(at)
    after = scheme_of(at)
    parameter = key.partition("#")[0]
    assert parameter in at.query_params
    assert after.scheme().get(parameter) != before.scheme().get(parameter)
    assert differs(simulate(before.scheme()), simulate(after.scheme()))
    # And it is seen, in the sentence or in a picture.
    assert (finding(at), figures(at)) != (said, drawn)
    assert finding(at) == findings.finding(simulate(after.scheme()), W)
    # Nothing else changed, but what has to go with it.
    along = {"demand.growth": {"demand.kind"}, "demand.kind": {"demand.growth"}}.get(key, set())
    same = set(scheme_parameters(before.scheme())) - {parameter} - along
    assert all(before.scheme().get(k) == after.scheme().get(k) for k in same)


def test_every_knob_on_the_page_is_tested():
    seen: set[str] = set()
    for stage in ({}, *STAGE.values()):
        seen |= set(knobs(opened("money", {"scheme": "wine-points", **stage})))
    assert seen - NO_PARAMETER == set(every_knob())


# -- every scheme ------------------------------------------------------------------------

OWN = (
    "own:points_pool+dividend_pool",
    "own:dividend_pool+dividend_pool.second",
    "own:scheduled_release+commission",
    "own:points_pool+scheduled_release+refund_queue",
    "own:refund_queue",
    "own:commission",
)
#: Runs short enough for many of them, in which every rule has had its effect.
BRIEF: dict[str, Any] = {"horizon": 150, "demand.orders_per_tick": 100.0}
#: Under what else a knob has something to do, by kind and name.
UNDER: dict[str, dict[str, Any]] = {
    "points_pool.fee": {"behaviour.sell_share": 0.01},
    "dividend_pool.divided_over": {
        "behaviour.sell_share": 0.01,
        "dividend_pool.interval": 7,
        "dividend_pool.quota_multiple": 1.0,
    },
    # What only matters once the money is not enough; a card or a case may have enough.
    "platform.policy": {
        "scheduled_release.share": 0.001,
        "platform.minimum": 0.0,
        "platform.raised_minimum": None,
    },
    "scheduled_release.first_generation": {"scheduled_release.daily_rate": 0.001},
    "scheduled_release.second_generation": {"scheduled_release.daily_rate": 0.001},
    "dividend_pool.referral_generations": {
        "dividend_pool.interval": 7,
        "dividend_pool.quota_multiple": 1.0,
    },
    "dividend_pool.rank_share": {
        "dividend_pool.interval": 7,
        "dividend_pool.quota_multiple": 1.0,
    },
    "platform.fee_step": {
        "platform.policy": "raise_fee",
        "scheduled_release.share": 0.001,
        "scheduled_release.daily_rate": 0.0005,
    },
    "platform.capital": {"platform.policy": "cut", "scheduled_release.share": 0.001},
    "dividend_pool.share": {"dividend_pool.interval": 7},
    "dividend_pool.interval": {"dividend_pool.interval": 7},
    "platform.raised_minimum": {"platform.raised_from": 60},
    "platform.raised_from": {"platform.raised_minimum": 500.0},
    "order.parts.platform": {"platform.policy": "cut", "scheduled_release.share": 0.001},
    "dividend_pool.referral_rate": {
        "dividend_pool.interval": 7,
        "dividend_pool.quota_multiple": 1.0,
    },
    "refund_queue.newcomers": {"platform.policy": "cut", "refund_queue.share": 0.34},
    "refund_queue.advance_payer": {"platform.policy": "cut", "refund_queue.share": 0.34},
}
#: Settings that bring out the knobs that hide without them.
BESIDE: tuple[dict[str, Any], ...] = (
    {},
    {"platform.policy": "raise_fee"},
    {"refund_queue.rule": "shared", "refund_queue.advance": 0.1},
    {"refund_queue.rule": "own", "platform.policy": "cut"},
    {"commission.districts": 1, "commission.circle": 0.5, "order.parts.platform": 0.1},
    {"commission.cities": 1, "order.parts.distribution": 0.1},
    {"commission.provinces": 1},
    {"dividend_pool.referral_rate": 0.1},
    {"dividend_pool.issue_cap": 10_000.0},
)
#: Where a knob is moved to; the others go one step.
MOVED: dict[str, Any] = {
    "demand.stop_tick": 50,
    "demand.kind": "growing",
    "demand.population": 5000.0,
    "behaviour.take_profit": 0.5,
    "behaviour.panic_growth": 5.0,
    "points_pool.outside": [[30, 1e6]],
    "points_pool.debt": 1e6,
    "points_pool.issue_cap": 100.0,
    "points_pool.exit_multiple": 0.1,
    "dividend_pool.share": 0.01,
    "dividend_pool.quota_multiple": 0.5,
    "scheduled_release.daily_rate": 0.004,
    "dividend_pool.issue_cap": 10.0,
    "dividend_pool.points_rate": 0.5,
    "refund_queue.threshold": 1e6,
    "refund_queue.lock": 30,
    "refund_queue.rule": "shared",
    "platform.policy": "stop",
    "platform.capital": 1e7,
    "platform.minimum": 500.0,
    "platform.raised_minimum": 150.0,
    "platform.raised_from": 60,
    "commission.circle_points": 1.0,
}


def seen(scheme: Scheme) -> list[str]:
    """What the page shows of a run: sentences and pictures, the assumption aside."""
    result = simulate(scheme)
    shown = [findings.finding(result, W), findings.besides(result, W)]
    for panel in panels.panels(result, charts.Look(w=W), foot=""):
        shown += [panel.title, panel.figure().to_json()]
    return shown


def elsewhere(scheme: Scheme, key: str, kind_key: str) -> Any:
    """Another value of a parameter."""
    value, parameter = scheme.get(key), scheme_parameters(scheme)[key]
    if kind_key in MOVED and MOVED[kind_key] != value:
        return MOVED[kind_key]
    if kind_key == "demand.kind":
        return "steady"
    if kind_key in offered.CHOICES:
        options = offered.CHOICES[kind_key]
        return options[(options.index(value) + 1) % len(options)]
    if value is None:
        return 1.0
    step = parameter.step or 1
    high = parameter.maximum
    return value + step if high is None or value + step <= high else value - step


@pytest.mark.part(6)
@pytest.mark.parametrize("name", [*presets(), *OWN])
def test_no_knob_of_any_scheme_is_dead(name):
    chosen = preset(name)
    tested: set[str] = set()
    for beside in BESIDE:
        known = {k: v for k, v in {**BRIEF, **beside}.items() if k in keys_known(chosen)}
        scheme = chosen.scheme(known)
        for key in keys_of(scheme):
            if key in tested:
                continue
            group, _, last = key.rpartition(".")
            mechanism = scheme.mechanism(group)
            kind_key = key if mechanism is None else f"{mechanism.kind}.{last}"
            under = UNDER.get(kind_key, {})
            stage = known | {k: v for k, v in under.items() if k in keys_known(chosen)}
            before = chosen.scheme(stage)
            if not offered.does_something(before, key):
                continue
            tested.add(key)
            along = {
                "demand.growth": {"demand.kind": "growing"},
                "demand.kind": {"demand.growth": 0.01},
            }.get(key, {})
            after = chosen.scheme({**stage, **along, key: elsewhere(before, key, kind_key)})
            assert seen(after) != seen(before), (key, before.get(key), after.get(key))
    assert len(tested) > 8


def keys_known(chosen: Preset) -> set[str]:
    """The keys a preset's scheme has."""
    return set(scheme_parameters(chosen.scheme()))


@pytest.mark.parametrize("name", [*presets(), *OWN])
def test_the_page_offers_the_knobs_of_its_scheme(name):
    query = {"scheme": name, "horizon": "60"}
    at = opened("money", query)
    scheme = scheme_of(at).scheme()
    shown = {key.partition("#")[0] for key in set(knobs(at)) - NO_PARAMETER}
    assert shown == set(keys_of(scheme))
    assert 3 <= len(offered.headline(scheme)) <= offered.MOST
    # Lists are told, with the way to change them.
    lists = [
        k for g in offered.more(scheme) for k in g.keys if k not in shown and k != offered.OUTSIDE
    ]
    for key in lists:
        assert offered.told(scheme, key) in html(at)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("green-points", "platform.policy", "stop"),
        ("guild-queue", "refund_queue.rule", "own"),
        ("guild-queue", "refund_queue.lock", 30),
        ("cyclic-purchase", "dividend_pool.quota_multiple", 0.5),
        ("ad-tasks", "scheduled_release.ad_income", 20.0),
        ("zero-cost-marketing", "commission.circle_points", 1.0),
        ("lifetime-points", "dividend_pool.points_rate", 50.0),
    ],
)
def test_a_knob_of_another_kind_goes_into_the_address_and_comes_back(name, key, value):
    at = opened("money", {"scheme": name, "horizon": "60"})
    said = (finding(at), figures(at))
    knobs(at)[key].set_value(value).run()
    working(at)
    assert key in at.query_params
    assert (finding(at), figures(at)) != said
    again = opened("money", dict(at.query_params))
    assert (finding(again), figures(again)) == (finding(at), figures(at))


def test_growth_turns_steady_into_growing_and_back():
    at = opened("money")
    knobs(at)["demand.growth"].set_value(1.0).run()
    assert scheme_of(at).scheme().demand.kind == "growing"
    knobs(at)["demand.growth"].set_value(0.0).run()
    assert scheme_of(at).scheme().demand.kind == "steady"
    knobs(at)["demand.kind"].set_value("saturating").run()
    working(at)
    demand = scheme_of(at).scheme().demand
    assert demand.kind == "saturating"
    assert demand.growth > 0


@pytest.mark.parametrize("page", ["check", "money"])
def test_back_to_the_preset(page):
    name = "wine-points"
    query = {"scheme": name, "points_pool.share": "0.4", "points_pool.fee": "0.3"}
    at = opened(page, query)
    changed = finding(at)
    assert at.query_params["points_pool.fee"] == "0.3"
    assert knobs(at, page)["points_pool.fee"].value == 30
    at.button(key=f"{page}|reset-button").click().run()
    working(at)
    assert finding(at) != changed
    assert dict(at.query_params) == {"scheme": f"{name}@{preset(name).revision}"}
    assert knobs(at, page)["points_pool.fee"].value == pytest.approx(
        100 * load(name).pool.fee, rel=1e-9
    )
    if page == "money":
        assert finding(at) == findings.finding(simulate(load(name)), W)
    assert not [button for button in at.button if button.key == f"{page}|reset-button"]


def test_choosing_another_scheme_on_money():
    at = opened("money", {"points_pool.fee": "0.3"})
    for name in reversed(presets()):
        knobs(at)["scheme"].set_value(name).run()
        working(at)
        assert finding(at) == findings.finding(simulate(load(name)), W)
        settings = scheme_of(at)
        assert settings.scheme() == load(name)
        assert settings.changes == {}


def test_choosing_another_scheme_on_check():
    at = opened("check", {"step": "answer"})
    for promise in answers.PROMISES:
        at.pills(key="check|kind").set_value(promise).run()
        working(at)
        for name in reversed(answers.presets_of(promise)):
            at.pills(key="check|scheme").set_value(name).run()
            working(at)
            offer = answers.offer(load(name), preset(name), {}, focus=promise)
            assert finding(at) == answers.headline(offer, W)
            assert state.parse(dict(at.query_params), page=check.OWN).preset.id == name


def late(at: AppTest, address: dict[str, list[str]]) -> None:
    """The browser's next message still has the address from before the last change."""
    at.query_params.clear()
    at.query_params.update(address)


@pytest.mark.parametrize("more", [{}, {"points_pool.fee": "0.3"}])
def test_who_goes_on_at_once_loses_nothing_and_back_still_goes_back(more):
    at = opened("money", more)
    before, said = dict(at.query_params), finding(at)
    knobs(at)["points_pool.share"].set_value(25).run()
    working(at)
    changed, address = finding(at), dict(at.query_params)
    assert changed != said
    # Another widget before the browser has heard of the new address.
    late(at, before)
    at.segmented_control(key="money|view").set_value("steps").run()
    working(at)
    assert at.query_params["view"] == "steps"
    assert at.query_params["points_pool.share"] == "0.25"
    at.segmented_control(key="money|view").set_value("live").run()
    assert finding(at) == changed
    assert dict(at.query_params) == address
    # The Back button, as soon as the address has changed: no widget has moved.
    knobs(at)["points_pool.share"].set_value(30).run()
    late(at, address)
    at.run()
    working(at)
    assert finding(at) == changed
    assert dict(at.query_params) == address
    # And a link to where one was, later.
    late(at, before)
    at.run()
    assert finding(at) == said


@pytest.mark.parametrize(
    ("page", "key", "value"),
    [
        ("money", "points_pool.share", 25.0),
        ("money", "demand.orders_per_tick", 500.0),
        ("money", "view", "whose"),
        ("money", "scheme", "wine-points"),
        ("check", "order.spend", 2500.0),
    ],
)
def test_another_process_takes_the_widgets_as_they_stand_in_the_browser(page, key, value):
    query = {"scheme": "local-life-points", "horizon": "200"}
    query |= {"step": "offer"} if page == "check" else {}
    before = opened(page, query)
    address = dict(before.query_params)
    # Moved while nobody answers: the browser has it, its address has not.
    view = before.segmented_control(key="money|view") if key == "view" else None
    (view or knobs(before, page)[key]).set_value(value)
    states = before._tree.get_widget_states()
    before.run()
    wanted = dict(before.query_params)
    assert wanted != address
    after = AppTest.from_file(ROOT / "view" / "serving" / "frame.py", default_timeout=30)
    after.query_params.update(address)
    after.session_state["money:plain"] = True
    after.switch_page(str(SCRIPTS[page]))
    after._run(states)
    working(after)
    assert dict(after.query_params) == wanted
    if page == "money":
        assert finding(after) == finding(before)
    else:
        assert knobs(after, page)[key].value == value
    # Whoever comes new is told what the address says.
    assert dict(opened(page, query).query_params) == address


def test_views_keep_the_numbers():
    at = opened("money", {"points_pool.fee": "0.3"})
    said = finding(at)
    at.segmented_control(key="money|view").set_value("steps").run()
    working(at)
    assert at.query_params["view"] == "steps"
    assert at.query_params["points_pool.fee"] == "0.3"
    assert len(figures(at)) == 1
    at.segmented_control(key="money|view").set_value("live").run()
    working(at)
    assert finding(at) == said
    assert "view" not in at.query_params


def test_following_and_selling_one_buyer():
    at = opened("money", {"view": "steps", "scheme": "wine-points"})
    waiting = finding(at)
    number_input(at, key="money|sell#").set_value(100).run()
    working(at)
    assert finding(at) != waiting
    # 21 points at 5.1731 less a tenth; the buyer's own money was 30 of it.
    assert yuan(97.77, "en") in finding(at)
    assert yuan(30, "en") in finding(at)
    assert at.query_params["sell"] == "100"
    number_input(at, key="money|buyer#").set_value(7).run()
    number_input(at, key="money|upto#").set_value(300).run()
    working(at)
    assert at.query_params["buyer"] == "7"
    assert at.query_params["upto"] == "300"
    again = opened("money", dict(at.query_params))
    assert finding(again) == finding(at)


def test_zoom_is_a_setting_of_its_own():
    at = opened("money")
    at.toggle(key="money|zoom-toggle").set_value(True).run()
    working(at)
    assert at.query_params["zoom"] == "on"
    assert all('"dragmode":"zoom"' in figure for figure in figures(at))
    assert opened("money", {"zoom": "on"}).toggle(key="money|zoom-toggle").value is True


# -- Not sure ---------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [(key,) for key in UNSURE] + [UNSURE])
def test_not_sure_gives_a_range(keys):
    at = opened("check", {"before": "1000"})
    for key in keys:
        at.checkbox(key=f"check|unsure:{key}").check().run()
        working(at)
    chosen = preset(presets()[0])
    offer = answers.offer(chosen.scheme(), chosen, {}, keys)
    assert finding(at) == answers.headline(offer, W)
    assert with_its_note(offer, crowd.crowd_sentence(offer, W), W) in html(at)
    asked = at.query_params["unsure"]
    assert set(asked.split(",")) == set(keys)
    # The knob makes way for the range; a link restores it.
    assert not set(keys) & set(knobs(at, "check"))
    again = opened("check", dict(at.query_params))
    assert finding(again) == finding(at)
    for key in keys:
        again.checkbox(key=f"check|unsure:{key}").uncheck().run()
    working(again)
    assert finding(again) == answers.headline(answers.offer(chosen.scheme(), chosen, {}), W)
    assert "unsure" not in again.query_params


@pytest.mark.parametrize("key", ["order.spend", "order.goods_value", *UNSURE])
def test_no_number_of_my_own_is_dead(key):
    at = opened("check", {"step": "answer"})
    said = html(at)
    target = {"points_pool.exit_multiple": 2.0, "order.goods_value": 300.0}
    widget = knobs(at, "check")[key]
    widget.set_value(target.get(key, (widget.value or 0) + widget.step)).run()
    working(at)
    assert key in at.query_params
    assert html(at) != said


def test_time_only_with_an_order_volume():
    at = opened("check", {"before": "100"})
    before = at.query_params["before"]
    more = crowd.orders_after(load(presets()[0]), int(before) + 1)
    time = days(more / 50, "en")
    said = W("answer.time", per_day="50", time=time)
    assert said not in html(at)
    assert time not in html(at)
    number_input(at, key="check|per_day#").set_value(50).run()
    working(at)
    assert said in html(at)
    assert at.query_params["per_day"] == "50"
