"""The page one lands on: every promise and preset, the reader's own numbers, any mixture."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import flags, load, presets
from model.figures import usual_package
from model.library import preset
from tests.pages.visit import boxes, drawers, finding, html, number_inputs, opened, working
from tests.turns import in_turn
from tests.view.test_answers import MIXTURES
from view.check import check
from view.sentences import answers, takes
from view.sentences.judged import Offer
from view.settings import state
from view.words.format import yuan
from view.words.words import LANGS, Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(4)

W = Words("en", strict=True)


def judged(name: str, unsure: Any = (), **how: Any) -> Offer:
    chosen = preset(name)
    return answers.offer(chosen.scheme(), chosen, {}, unsure, **how)


def question(at: AppTest, key: str) -> Any:
    """The knob for one number."""
    knobs = [*at.slider, *at.select_slider, *number_inputs(at)]
    return next(knob for knob in knobs if knob.key in {f"check|{key}", f"check|{key}#back"})


def other(knob: Any) -> Any:
    """A value the knob does not have now."""
    if knob.key.endswith(".lock"):
        return 300
    if knob.key.endswith("_multiple") and knob.value is None:
        return 2.0
    if hasattr(knob, "options"):
        return knob.value + 0.5 if (knob.value or 0) < 3 else 1.0
    return knob.value + knob.step if knob.value + knob.step <= knob.max else knob.value - knob.step


@pytest.mark.part(6)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
def test_every_preset_in_every_language(name, lang):
    at = opened("check", {"scheme": f"{name}@{preset(name).revision}"}, lang=lang)
    w = Words(lang, strict=True)
    offer = judged(name)
    said = html(at)
    assert finding(at) == answers.headline(offer, w)
    for value, text in answers.facts(offer, w):
        assert value in said
        assert text in said
    for line in takes.lines(offer, w, before=None, per_day=None):
        assert line in said
    assert w.text(preset(name).summary.en, preset(name).summary.zh) in said
    most = load(name).most_paid_for(offer.package)
    if most:
        assert yuan(most, lang) in said
    assert at.pills(key="check|kind").value == answers.main_promise(preset(name))
    assert at.pills(key="check|scheme").value == name
    assert not boxes(at)
    assert not boxes(at, "info")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets(kind="sound"))
def test_sound_programmes_come_out_sound(name, lang):
    """No flag, nobody who is missing, and no word of money that nobody was promised."""
    at = opened("check", {"scheme": name}, lang=lang)
    w = Words(lang, strict=True)
    said = html(at)
    assert w("flag.title_none", all=len(flags.flags())) in drawers(at)
    assert at.title[0].value.startswith(
        w("verdict.kept.margin", most="|", spend="|").split("|")[0][:3]
    )
    for key in ("take.back_never", "offer.after.never", "card.payer.daily"):
        assert w(key) not in said


def test_from_promise_to_promise():
    at = opened("check", {"step": "answer"})
    for promise in (*answers.PROMISES, *reversed(answers.PROMISES)):
        at.pills(key="check|kind").set_value(promise).run()
        working(at)
        settings = state.parse(dict(at.query_params), page=check.OWN)
        assert check.focus_of(settings) == promise
        assert settings.preset.id in answers.presets_of(promise)
        assert finding(at) == answers.headline(judged(settings.preset.id, focus=promise), W)
        assert tuple(at.pills(key="check|scheme").options) == tuple(
            preset(name).name.en for name in answers.presets_of(promise)
        )
        again = opened("check", dict(at.query_params))
        assert finding(again) == finding(at)
        assert again.pills(key="check|kind").value == promise


def test_every_preset_of_a_promise_can_be_chosen():
    at = opened("check", {"step": "answer"})
    for promise in answers.PROMISES:
        at.pills(key="check|kind").set_value(promise).run()
        for name in answers.presets_of(promise):
            at.pills(key="check|scheme").set_value(name).run()
            working(at)
            assert finding(at) == answers.headline(judged(name, focus=promise), W)
            assert state.parse(dict(at.query_params), page=check.OWN).preset.id == name


@pytest.mark.parametrize("name", ["green-points", "cyclic-packages", "lifetime-points"])
def test_every_package(name):
    at = opened("check", {"scheme": name})
    scheme = load(name)
    usual = usual_package(scheme)
    for package, (price, _) in enumerate(scheme.order.choices):
        at.pills(key="check|package#").set_value(package).run()
        working(at)
        offer = judged(name, package=package)
        assert finding(at) == answers.headline(offer, W)
        assert yuan(price, "en") in finding(at)
        assert at.query_params.get("package", [str(usual)]) in ([str(package)], str(package))
        assert finding(opened("check", dict(at.query_params))) == finding(at)
    # Another scheme starts with its own usual package.
    other_ = next(n for n in answers.presets_of(answers.main_promise(preset(name))) if n)
    at.pills(key="check|scheme").set_value(other_).run()
    at.pills(key="check|kind").set_value("points").run()
    working(at)
    assert "package" not in at.query_params


def asked() -> list[tuple[str, str, str]]:
    """(preset, promise, key) of every question."""
    found = []
    for name in presets():
        focuses = {answers.main_promise(preset(name)), *answers.promises_of(load(name))}
        for focus in sorted(focuses):
            if name in answers.presets_of(focus):
                keys = answers.questions(load(name), focus)
                found += [(name, focus, key) for key in keys]
    return found


@pytest.mark.part(6)
@pytest.mark.parametrize(("name", "focus", "key"), asked())
def test_no_question_is_dead(name, focus, key):
    at = opened("check", {"scheme": name, "promise": focus, "before": "500"})
    before = html(at)
    knob = question(at, key)
    knob.set_value(other(knob)).run()
    working(at)
    assert key in at.query_params
    assert html(at) != before


@pytest.mark.part(6)
@pytest.mark.parametrize("name", presets())
def test_not_sure_of_each_question_and_of_all(name):
    focus = answers.main_promise(preset(name))
    keys = check.askable(load(name), focus)
    at = opened("check", {"scheme": name})
    ticked: list[str] = []
    for key in keys:
        at.checkbox(key=f"check|unsure:{key}").check().run()
        working(at)
        ticked.append(key)
        assert finding(at) == answers.headline(judged(name, ticked), W)
    assert len(ticked) == len(answers.questions(load(name), focus))
    if ticked:
        assert at.query_params["unsure"] in (",".join(ticked), [",".join(ticked)])
        assert finding(opened("check", dict(at.query_params))) == finding(at)


def test_old_links_keep_working():
    at = opened("check", {"scheme": "wine-points@1", "points_pool.fee": "0.2"})
    assert not boxes(at)
    changes = {"points_pool.fee": 0.2}
    offer = answers.offer(load("wine-points", changes), preset("wine-points"), changes)
    assert finding(at) == answers.headline(offer, W)
    at = opened("check", {"unsure": "points_pool.share,points_pool.fee"})
    keys = ("points_pool.share", "points_pool.fee")
    assert finding(at) == answers.headline(judged(presets()[0], keys), W)


@pytest.mark.parametrize("reference", MIXTURES)
def test_any_mixture_opens(reference):
    at = opened("check", {"scheme": reference, "order.spend": "500"})
    assert not boxes(at)
    changes = {"order.spend": 500}
    chosen = preset(reference)
    assert finding(at) == answers.headline(
        answers.offer(chosen.scheme(changes), chosen, changes), W
    )
    # From there to what is advertised.
    at.pills(key="check|kind").set_value("queue").run()
    working(at)
    at.pills(key="check|scheme").set_value("guild-queue").run()
    working(at)
    assert finding(at) == answers.headline(judged("guild-queue"), W)


ODD = ("", "-1", "9" * 30, "²", "<b>", "x" * 1900, "points", "daily,queue", "agents")


@pytest.mark.part(2)
@pytest.mark.parametrize(
    ("name", "text"), in_turn(presets(), ODD, each=2), ids=lambda text: text[:20] or "empty"
)
def test_odd_settings_of_the_page_s_own(name, text):
    query = {"scheme": name} | dict.fromkeys(check.OWN, text)
    at = opened("check", query)
    assert finding(at)


EXTREMES: dict[str, dict[str, str]] = {
    "green-points": {"scheduled_release.daily_rate": "1", "scheduled_release.share": "1"},
    "ad-tasks": {"scheduled_release.tasks": "0", "scheduled_release.ad_income": "1000"},
    "guild-queue": {"refund_queue.share": "0.001", "refund_queue.refund": "10"},
    "three-in-one-out": {"order.spend": "900"},
    "cyclic-purchase": {"dividend_pool.quota_multiple": "none", "demand.orders_per_tick": "0.01"},
    "equity-shop": {"points_pool.gift": "0.1", "points_pool.exit_multiple": "none"},
    "lifetime-points": {"dividend_pool.points_rate": "0.0001"},
    "zero-cost-marketing": {"commission.circle": "0"},
    "local-life-points": {"commission.direct": "1", "commission.districts": "0"},
}


@pytest.mark.parametrize(("name", "before"), in_turn(EXTREMES, ["", "0", "8000000000"]))
def test_extreme_but_allowed(name, before):
    at = opened("check", {"scheme": name, **EXTREMES[name], "before": before, "per_day": "3"})
    assert finding(at)
    assert not boxes(at)
    assert "inf" not in html(at).replace("information", "").split()
    assert "nan" not in html(at).split()
