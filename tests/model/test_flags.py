"""Red flags: their words and sources, which preset meets which and why, and sound programmes."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from model import load, presets
from model.flags import (
    CASH_BACK,
    RULES,
    Case,
    advice,
    check,
    flags,
    met,
)
from model.library import preset
from model.preset import Source, sources
from tests.model.any_scheme import schemes as any_scheme
from tests.test_words import FORBIDDEN_CHINESE, FORBIDDEN_ENGLISH, simplified_left
from view.words.words import traditional

TEXTS = [
    *(text for flag in flags().values() for text in (flag.title, flag.says, flag.question) if text),
    *(line.text for line in advice()),
]


def test_every_flag_has_a_rule_and_the_other_way_round() -> None:
    assert list(flags()) == list(RULES)


def test_every_statement_has_a_dated_and_graded_source() -> None:
    for item in (*flags().values(), *advice()):
        source = sources()[item.source]
        assert source.grade in {"A", "B", "own"}
        assert source.kind != "pitch"
        assert source.date
        assert source.title.en != source.title.zh


def test_a_flag_names_an_authority_and_not_ourselves() -> None:
    kinds = {name: sources()[flag.source].kind for name, flag in flags().items()}
    assert len(kinds) > 5
    assert set(kinds.values()) == {"official"}
    assert {source.kind for source in sources().values()} > {"official"}


def test_texts_judge_nobody_and_are_there_in_every_language() -> None:
    for text in TEXTS:
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.en)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh)
        assert simplified_left(traditional(text.zh)) == set(), text.zh
        assert not re.search(FORBIDDEN_CHINESE, text.zh)
        for pattern in FORBIDDEN_ENGLISH:
            assert not re.search(pattern, text.en, re.IGNORECASE), text.en


def test_advice_gives_no_number_but_the_public_ones() -> None:
    for line in advice():
        for text in (line.text.en, line.text.zh):
            assert set(re.findall(r"\d{3,}", text)) <= {"110", "12315"}, text


#: What each preset meets by its numbers alone.
EXPECTED = {
    "local-life-points": "depends_on_later cash_back multiple instalments only_rises forced_exit "
    "recruits territory",
    "wine-points": "depends_on_later cash_back multiple instalments only_rises forced_exit",
    "thousand-yuan-points": "depends_on_later cash_back multiple instalments only_rises "
    "forced_exit",
    "equity-shop": "depends_on_later cash_back multiple instalments only_rises forced_exit",
    "cyclic-purchase": "depends_on_later cash_back multiple instalments forced_exit",
    "cyclic-packages": "depends_on_later cash_back multiple instalments forced_exit recruits",
    "green-points": "depends_on_later cash_back multiple instalments recruits",
    "guild-queue": "depends_on_later cash_back recruits",
    "three-in-one-out": "depends_on_later cash_back",
    "ad-tasks": "depends_on_later cash_back instalments",
    "lifetime-points": "depends_on_later cash_back instalments recruits",
    "zero-cost-marketing": "dearer",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_each_advertised_rule_meets(name: str) -> None:
    assert met(load(name)) == EXPECTED[name].split()


def test_the_reasons_carry_their_numbers() -> None:
    found = {finding.flag: finding for finding in check(load("local-life-points"))}
    assert found["depends_on_later"].values == {
        "spend": ("yuan", 1000.0),
        "there": ("yuan", pytest.approx(160.0)),
        "most": ("yuan", pytest.approx(960.0)),
    }
    assert found["cash_back"].values["share"] == ("share", pytest.approx(0.96))
    assert found["multiple"].values["times"] == ("multiple", 1.2)
    assert found["recruits"].values["pay"] == ("yuan", pytest.approx(3.0))
    assert found["territory"].values["price"] == ("yuan", 20_000.0)
    (dearer,) = (finding for finding in check(load("zero-cost-marketing")) if finding.met)
    assert {name: value for name, (_, value) in dearer.values.items()} == {
        "listed": pytest.approx(4000),
        "cash": pytest.approx(2000),
        "goods": pytest.approx(800),
    }


#: Programmes that every order pays for itself, by the same mechanisms.
SOUND: dict[str, tuple[str, dict[str, Any]]] = {
    "2 % cash-back out of the shop's margin": (
        "own:scheduled_release",
        {
            "scheduled_release.share": 0.02,
            "scheduled_release.gift_multiple": 0.02,
            "scheduled_release.daily_rate": 1,
            "scheduled_release.basis": "balance",
        },
    ),
    "the eleventh cup is free": (
        "own:refund_queue",
        {"refund_queue.share": 0.1, "refund_queue.refund": 0.1},
    ),
    "a cooperative's dividend out of its profit": (
        "own:dividend_pool",
        {"dividend_pool.share": 0.03, "dividend_pool.quota_multiple": 0.03},
    ),
    "points worth 5 % of what was spent": (
        "own:points_pool",
        {
            "points_pool.share": 0.05,
            "points_pool.gift": 1.0,
            "points_pool.fee": 0.0,
            "points_pool.exit_multiple": 0.1,
        },
    ),
}


@pytest.mark.parametrize("name", list(SOUND)[:3])
def test_sound_programmes_meet_nothing(name: str) -> None:
    """... and ten times the promise out of the same money does, by the same code."""
    reference, changes = SOUND[name]
    assert met(load(reference, changes)) == []
    promise = next(key for key in changes if key.rpartition(".")[2] != "share")
    assert met(load(reference, changes | {promise: 10 * changes[promise]})) != []


@pytest.mark.parametrize("name", list(SOUND)[:3])
def test_the_same_rule_with_a_larger_promise_depends_on_later_sales(name: str) -> None:
    """It is the money that decides and not what the programme is called."""
    reference, changes = SOUND[name]
    promised = {"gift_multiple", "refund", "quota_multiple"}
    key = next(key for key in changes if key.rpartition(".")[2] in promised)
    scheme = load(reference, {**changes, key: 1.5})
    assert Case(scheme).depends_on_later
    assert {"depends_on_later", "cash_back", "multiple"} <= set(met(scheme))


def test_points_that_are_to_be_worth_more_than_was_paid_in_depend_on_later_sales() -> None:
    reference, changes = SOUND["points worth 5 % of what was spent"]
    assert "depends_on_later" in met(load(reference, changes))


def test_the_line_of_our_own() -> None:
    def at(multiple: float) -> list[str]:
        changes = {"refund_queue.share": 0.9, "refund_queue.refund": multiple}
        return met(load("own:refund_queue", changes))

    assert at(CASH_BACK) == []
    assert at(CASH_BACK + 0.01) == ["cash_back"]


# -- What the reader knows -----------------------------------------------------------------------


def test_what_cannot_be_worked_out_is_asked() -> None:
    found = {finding.flag: finding.met for finding in check(load("wine-points"))}
    opened = {flag for flag, met_ in found.items() if met_ is None}
    assert opened == {"terms_raised", "recruits", "territory", "dearer"}
    assert all(flags()[flag].question is not None for flag in opened)


def test_answers_count_where_the_rules_do_not_say() -> None:
    said = {"dearer": "yes", "recruits": "no", "territory": "perhaps", "no_flag": "yes"}
    found = {finding.flag: finding for finding in check(load("wine-points"), said)}
    assert found["dearer"].met
    assert found["dearer"].reason == "said"
    assert found["recruits"].met is False
    assert found["territory"].met is None
    # "No" takes any flag back: the numbers may be another offer's. What is not asked, none adds.
    for flag in flags():
        assert flag not in met(load("green-points"), {flag: "no"})
        assert flag not in met(load("local-life-points"), {flag: "no"})
    assert met(load("zero-cost-marketing"), {"cash_back": "yes"}) == ["dearer"]


def test_what_the_goods_cost_answers_the_question() -> None:
    for goods, state in ((500, True), (3980, False), (5000, False)):
        scheme = load("wine-points", {"order.goods_value": goods, "order.spend": 3980})
        found = {finding.flag: finding.met for finding in check(scheme)}
        assert found["dearer"] is state


def test_open_numbers_leave_open_only_what_depends_on_them() -> None:
    corners = [load("wine-points", {"points_pool.share": share}) for share in (0.05, 0.5)]
    found = {finding.flag: finding for finding in check(corners)}
    assert found["depends_on_later"].met
    assert found["depends_on_later"].reason == "ranges"
    assert found["multiple"].reason == "multiple"
    corners = [load("wine-points", {"points_pool.exit_multiple": m}) for m in (0.9, 2.0)]
    assert {f.flag: f.met for f in check(corners)}["multiple"] is None


@pytest.mark.parametrize("name", [n for n in presets() if preset(n).kind == "sound"])
def test_sound_presets_meet_nothing(name: str) -> None:
    """... and the same with next to no money put aside does."""
    scheme = load(name)
    assert met(scheme) == []
    assert met(load(name, {f"{scheme.mechanisms[0].name}.share": 0.001})) != []


def test_the_case_whose_smallest_withdrawal_was_raised() -> None:
    found = {finding.flag: finding for finding in check(load("case-yuehua"))}
    assert found["terms_raised"].values == {"low": ("yuan", 100.0), "high": ("yuan", 1000.0)}


def test_terms_that_the_rule_itself_raises() -> None:
    scheme = load("green-points", {"platform.policy": "raise_minimum"})
    assert "terms_raised" in met(scheme)
    assert "terms_raised" not in met(load("wine-points", {"platform.policy": "raise_fee"}))


@settings(max_examples=60)
@given(any_scheme())
def test_any_scheme(scheme: Any) -> None:
    """Every reason has its sentence and finite numbers; who is promised less depends on nobody."""
    for finding in check(scheme):
        assert (finding.reason != "") == bool(finding.met)
        assert all(math.isfinite(value) for _, value in finding.values.values())
    case = Case(scheme)
    if case.most is None or case.most > case.brought * 1.001 + 1e-6:
        assert case.depends_on_later
    elif case.most < case.brought * 0.999 - 1e-6:
        assert not case.depends_on_later


def test_each_package_by_its_own_numbers() -> None:
    for package, times in enumerate((3, 3, 3.5, 4)):
        found = {f.flag: f for f in check(load("green-points"), package=package)}
        assert found["multiple"].values["times"] == ("multiple", times)
        spend = load("green-points").order.choices[package][0]
        assert found["depends_on_later"].values["spend"] == ("yuan", spend)
        assert found["depends_on_later"].values["most"] == ("yuan", pytest.approx(times * spend))


def test_names_of_presets_are_complete() -> None:
    assert set(EXPECTED) <= set(presets())


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("jr.sz.gov.cn/a/b_1.html", True),
        ("https://x.cn", False),
        ("a b.cn", False),
        ("nowhere", False),
    ],
)
def test_an_address_is_printed_and_never_opened(address: str, kept: bool) -> None:
    title = {"en": "x", "zh": "一"}
    document = {"title": title, "date": "2026", "grade": "A", "kind": "official"}
    if kept:
        assert Source.model_validate({**document, "address": address}).address == address
    else:
        with pytest.raises(ValidationError):
            Source.model_validate({**document, "address": address})
