"""The views "Compare" and "Change the rules", drawn on a page of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model.library import own_preset, preset, presets
from model.preset import Text
from model.preset_file import written
from model.scheme import KINDS
from tests.pages.visit import (
    TIMEOUT,
    boxes,
    figures,
    finding,
    html,
    number_inputs,
    working,
)
from tests.turns import in_turn
from view.words.words import LANGS

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(3)


def script() -> None:
    import streamlit as st

    from model.library import preset
    from view.money import compare, rules
    from view.parts.controls import Page
    from view.settings import state

    def draw() -> None:
        views = ("compare", "rules")
        page = Page("money", own={"view": views, **compare.OWN, **rules.OWN})
        page.notices()
        st.selectbox(
            "scheme",
            page.schemes,
            format_func=lambda id_: preset(id_).name.en,
            key=page.ready(state.PRESET),
        )
        (rules if page.settings.page["view"] == "rules" else compare).draw(page)
        st.session_state["test:scheme"] = page.scheme
        st.session_state["test:settings"] = page.settings
        page.finish()

    st.fragment(draw)()


def opened(view: str, query: Mapping[str, str] | None = None, *, lang: str = "en") -> AppTest:
    at = AppTest.from_function(script, default_timeout=TIMEOUT)
    for key, value in {"view": view, "lang": lang, **(query or {})}.items():
        at.query_params[key] = value
    for kind in KINDS:
        at.session_state[f"money|rules-more-{kind}"] = True
    at.run()
    working(at)
    return at


def query(at: AppTest) -> dict[str, str]:
    """The address now."""
    return {
        key: (value if isinstance(value, str) else value[0])
        for key, value in at.query_params.items()
    }


def warnings(at: AppTest) -> list[str]:
    return boxes(at)


def scheme(at: AppTest) -> Any:
    return at.session_state["test:scheme"]


def box(at: AppTest, key: str) -> Any:
    return next(
        element
        for elements in (number_inputs(at), at.text_area, at.selectbox, at.checkbox)
        for element in elements
        if element.key == f"money|{key}"
    )


# -- compare -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_compare_says_its_finding_and_draws(lang):
    at = opened("compare", lang=lang)
    assert finding(at)
    assert "¥" in html(at)
    assert len(figures(at)) == 2
    assert "wp-compare" in html(at)


def test_the_others_are_kept_in_the_address():
    at = opened("compare", {"scheme": "wine-points@1"})
    (choice,) = at.multiselect
    assert 2 <= len(choice.value) <= 4
    assert "with" not in query(at)
    choice.set_value(["green-points@1"]).run()
    working(at)
    assert query(at)["with"] == "green-points@1"
    assert html(at).count("<th scope='col'>") == 2
    again = opened("compare", query(at))
    assert again.multiselect[0].value == ["green-points@1"]
    again.multiselect[0].set_value([]).run()
    working(again)
    assert query(again)["with"] == "-"
    assert html(again).count("<th scope='col'>") == 1
    assert len(boxes(again, "info")) == 1


def test_the_crowd_moves_all():
    at = opened("compare", {"scheme": "wine-points@1", "with": "guild-queue@1", "horizon": "60"})
    before = finding(at)
    number_inputs(at)[0].set_value(400).run()
    working(at)
    assert query(at)["horizon"] == "400"
    assert finding(at) != before


def test_an_own_scheme_is_compared_and_named():
    at = opened(
        "compare",
        {"scheme": "own:refund_queue", "refund_queue.share": "0.3", "with": "guild-queue@1"},
    )
    assert "Own settings" in html(at)
    assert any("offer)" in spec for spec in figures(at))


def test_a_long_run_is_cut_and_says_so():
    at = opened("compare", {"scheme": "wine-points@1", "with": "-", "horizon": "9000"})
    assert "1,825 days" in html(at)
    assert any("1,825" in said for said in boxes(at, "info"))
    assert query(at)["horizon"] == "9000"


def test_no_orders_at_all():
    at = opened("compare", {"demand.orders_per_tick": "0.001", "horizon": "5"})
    assert "nobody" in finding(at)


@pytest.mark.parametrize("id_", presets())
def test_every_scheme_can_be_compared(id_):
    at = opened("compare", {"scheme": id_, "horizon": "40", "lang": "zh-Hans"}, lang="zh-Hans")
    assert len(figures(at)) == 2


# -- rules: mechanisms -------------------------------------------------------------------------


@pytest.mark.parametrize(("id_", "lang"), in_turn(presets(), LANGS))
def test_every_scheme_can_be_taken_apart(id_, lang):
    at = opened("rules", {"scheme": id_}, lang=lang)
    assert "¥" in finding(at)
    assert at.session_state["test:settings"].preset.id == id_
    assert at.session_state["test:settings"].changes == {}
    assert warnings(at) == []


def test_a_tick_makes_it_the_readers_own_with_all_its_numbers():
    at = opened("rules", {"scheme": "wine-points@1", "points_pool.fee": "0.37"})
    before = scheme(at)
    box(at, "rules-kind-dividend_pool").set_value(True).run()
    working(at)
    now = scheme(at)
    assert query(at)["scheme"] == "own:points_pool+dividend_pool"
    assert now.pool == before.pool
    assert now.order == before.order
    assert now.demand == before.demand
    assert not now.oversubscribed
    # The address alone brings it back.
    assert scheme(opened("rules", query(at))) == now
    box(at, "rules-kind-points_pool").set_value(False).run()
    assert query(at)["scheme"] == "own:dividend_pool"
    # What was taken away comes back with its numbers.
    box(at, "rules-kind-points_pool").set_value(True).run()
    assert scheme(at) == now


def test_the_last_one_stays():
    at = opened("rules", {"scheme": "wine-points@1"})
    box(at, "rules-kind-points_pool").set_value(False).run()
    working(at)
    assert len(warnings(at)) == 1
    assert query(at)["scheme"] == "wine-points@1"
    assert box(at, "rules-kind-points_pool").value is True


def test_a_line_does_not_go_with_packages():
    at = opened("rules", {"scheme": "green-points@1"})
    box(at, "rules-kind-refund_queue").set_value(True).run()
    working(at)
    assert "packages" in warnings(at)[0]
    assert scheme(at).order.packages
    box(at, "order.packages~lines").set_value("").run()
    working(at)
    assert warnings(at) == []
    assert scheme(at).order.packages == ()
    box(at, "rules-kind-refund_queue").set_value(True).run()
    working(at)
    assert [m.kind for m in scheme(at).mechanisms] == ["scheduled_release", "refund_queue"]


def test_all_five_and_back_to_one():
    at = opened("rules", {"scheme": "wine-points@1"})
    for kind in KINDS:
        if kind != "points_pool":
            box(at, f"rules-kind-{kind}").set_value(True).run()
            working(at)
    assert [m.kind for m in scheme(at).mechanisms] == list(KINDS)
    assert sum(m.taken for m in scheme(at).mechanisms) <= 1
    for kind in list(KINDS)[:-1]:
        box(at, f"rules-kind-{kind}").set_value(False).run()
        working(at)
    assert query(at)["scheme"] == "own:commission"


def test_a_shared_quota_stands_alone_without_its_pool():
    at = opened("rules", {"scheme": "equity-shop@1"})
    assert scheme(at).first("dividend_pool").shared_quota == "points_pool"
    box(at, "rules-kind-points_pool").set_value(False).run()
    working(at)
    assert scheme(at).first("dividend_pool").shared_quota == "own"


# -- rules: where the price goes ---------------------------------------------------------------


def test_too_much_waits_until_it_fits():
    at = opened("rules", {"scheme": "wine-points@1"})
    box(at, "order.parts.goods~").set_value(60.0).run()
    working(at)
    assert query(at)["order.parts.goods"] == "0.6"
    before = scheme(at)
    box(at, "points_pool.share~").set_value(55.0).run()
    working(at)
    assert "115%" in warnings(at)[0]
    assert scheme(at) == before
    # Nothing typed is lost, and other knobs still work.
    assert box(at, "points_pool.share~").value == 55.0
    box(at, "points_pool.fee").set_value(11.0).run()
    assert scheme(at).pool.fee == pytest.approx(0.11)
    assert box(at, "points_pool.share~").value == 55.0
    assert len(warnings(at)) == 1
    box(at, "order.parts.goods~").set_value(40.0).run()
    working(at)
    assert warnings(at) == []
    assert scheme(at).pool.share == pytest.approx(0.55)
    assert scheme(at).order.parts.goods == pytest.approx(0.4)


def test_a_choice_is_kept():
    at = opened("rules", {"scheme": "three-in-one-out@1"})
    box(at, "refund_queue.rule").set_value("own").run()
    working(at)
    assert scheme(at).first("refund_queue").rule == "own"
    assert query(at)["refund_queue.rule"] == "own"


# -- rules: tables -----------------------------------------------------------------------------


def test_packages_as_lines():
    at = opened("rules", {"scheme": "green-points@1"})
    lines = box(at, "order.packages~lines")
    assert lines.value.splitlines()[0] == "3000, 50%, 3"
    before = scheme(at)
    lines.set_value("3000, 50%, 3\n9000, 40%, 3").run()
    working(at)
    assert "90%" in warnings(at)[0]
    assert scheme(at) == before
    box(at, "order.packages~lines").set_value("3000, 50%, 3\n9000, fifty").run()
    assert "Line 2" in warnings(at)[0]
    box(at, "order.packages~lines").set_value("3000, 50%, 3\n9000, 50%").run()
    assert "credit" in warnings(at)[0]
    assert scheme(at) == before
    box(at, "order.packages~lines").set_value("3000 × 60%, 2\n１.２万，40，5").run()
    working(at)
    assert warnings(at) == []
    assert scheme(at).order.packages == ((1.0, 0.6), (4.0, 0.4))
    assert scheme(at).first("scheduled_release").package_multiples == (2.0, 5.0)
    assert scheme(opened("rules", query(at))) == scheme(at)


@pytest.mark.parametrize(
    ("start", "key", "text", "field", "value"),
    [
        (
            "cyclic-purchase",
            "dividend_pool.levels",
            "100 1\n5000 2",
            "levels",
            ((100, 1), (5000, 2)),
        ),
        ("green-points", "scheduled_release.stars", "5万 10%", "stars", ((50_000, 0.1),)),
        ("ad-tasks", "scheduled_release.rewards", "0 2", "rewards", ((0, 2),)),
        (
            "cyclic-purchase",
            "dividend_pool.rank_reached",
            "50% 40% 30% 20% 10% 9% 8% 7% 6% 5%",
            "rank_reached",
            (0.5, 0.4, 0.3, 0.2, 0.1, 0.09, 0.08, 0.07, 0.06, 0.05),
        ),
        ("wine-points", "points_pool.outside", "30 100万", "outside", ((30, 1e6),)),
    ],
)
def test_other_tables_as_lines(start, key, text, field, value):
    at = opened("rules", {"scheme": start})
    mechanism = key.partition(".")[0]
    before = getattr(scheme(at).mechanism(mechanism), field)
    falling = "0 1" if field == "outside" else "5 2\n4 1"
    for wrong in ("x", "9 9 9", falling, "0.5 -"):
        box(at, f"{key}~lines").set_value(wrong).run()
        working(at)
        assert len(warnings(at)) == 1, wrong
        assert getattr(scheme(at).mechanism(mechanism), field) == before
        assert box(at, f"{key}~lines").value == wrong
    box(at, f"{key}~lines").set_value(text).run()
    working(at)
    assert warnings(at) == []
    assert getattr(scheme(at).mechanism(mechanism), field) == value
    assert json.loads(query(at)[key]) == json.loads(json.dumps(value))


# -- rules: files ------------------------------------------------------------------------------


def file_of(found: Any) -> bytes:
    name = Text(en="Mine", zh="我的")
    return written(found, name=name, summary=name).encode()


def upload(at: AppTest, data: bytes, name: str = "rules.toml") -> None:
    (widget,) = at.get("file_uploader")
    widget.upload(name, data, "application/toml").run()
    working(at)


def test_a_file_becomes_the_readers_own():
    at = opened("rules", {"scheme": "wine-points@1"})
    wanted = preset("lifetime-points").scheme({"order.spend": 4000.0})
    upload(at, file_of(wanted))
    assert query(at)["scheme"].startswith("own:dividend_pool")
    found = scheme(at)
    assert found.mechanisms == wanted.mechanisms
    assert found.order == wanted.order
    assert found.demand == wanted.demand
    assert len(boxes(at, "success")) == 1
    # The box is empty again, and another file can be opened.
    upload(at, file_of(own_preset("refund_queue").scheme()))
    assert query(at)["scheme"] == "own:refund_queue"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"\xff\xfe\x00",
        b"id = ",
        b"a = " + b"[" * 1900,
        b"#" * 199_000,
        b'id = "a"\nid = "b"',
        b"<b>**bold**</b> = 1",
        b"'![x](http://localhost/x.png)' = 1",
        file_of(own_preset("points_pool").scheme()).replace(b"value = 0.16", b"value = 7"),
        file_of(own_preset("points_pool").scheme()).replace(b"points_pool.fee", b"points_pool.fe"),
        file_of(own_preset("points_pool").scheme()).replace(b'unit = "share"', b'unit = "yuan"'),
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_a_file_that_cannot_be_used_is_one_sentence_and_nothing_is_lost(data):
    at = opened("rules", {"scheme": "wine-points@1", "points_pool.fee": "0.4"})
    before, address = scheme(at), query(at)
    upload(at, data)
    assert len(warnings(at)) == 1
    assert scheme(at) == before
    assert query(at) == address


def test_the_line_is_named():
    at = opened("rules", {"scheme": "wine-points@1"})
    upload(at, b'id = "a"\nid = "b"')
    assert "line 2" in warnings(at)[0]


def test_what_a_link_cannot_carry_is_said():
    at = opened("rules", {"scheme": "wine-points@1"})
    orders = {"demand.kind": "list", "demand.orders": tuple(k + 0.5 for k in range(900))}
    wanted = own_preset("points_pool").scheme(orders)
    upload(at, file_of(wanted))
    assert scheme(at).demand == wanted.demand
    assert "keep the file" in warnings(at)[0]
