"""The sheet for journalists on the pages, without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model import presets
from model.library import preset
from tests.pages.visit import boxes, broken_where_said, figures, html, opened, working
from tests.turns import in_turn
from view.check import check
from view.check.address import judge
from view.press import press_sheet
from view.sentences import answers, stated
from view.sentences.verdict import told
from view.settings import state
from view.words.words import LANGS, Words


def sheet(
    at, name: str, lang: str, *, page: str = "money", changes: dict | None = None
) -> press_sheet.Sheet:
    made = press_sheet.of_scheme(preset(name), changes or {}, Words(lang, strict=True))
    if page == "check":  # which of the numbers are ours stands in the sentence itself
        chosen, w = preset(name), Words(lang, strict=True)
        judged = answers.offer(chosen.scheme(changes), chosen, changes or {})
        note = answers.noted(judged, judged.ours, w)
        assert note
        conclusion = stated.each_tagged(made.conclusion, note, w)
        assert note in conclusion
        made = replace(made, conclusion=conclusion)
    said = broken_where_said(html(at))
    assert at.title[0].value == Words(lang)("press.heading", subject=made.subject)
    for text in (made.claim, made.origin, made.conclusion, made.changed):
        assert text in said
    for each in made.arithmetic:
        assert f"<b>{each.text}</b> {each.meaning}" in said
    for text in (*made.not_shown, *made.questions):
        assert f"<li>{text}</li>" in said
    shown = [code.value for code in at.code]  # as shown: without the last line break
    assert shown == [made.command, made.python.rstrip(), made.printed.rstrip()]
    return made


@pytest.mark.part(2)
@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_opens_for_every_scheme(name, lang):
    reference = f"{name}@{preset(name).revision}"
    at = opened("money", {"scheme": reference, "for": "press"}, lang=lang)
    sheet(at, name, lang)
    drawn = figures(at)
    assert len(drawn) == 1
    assert reference in drawn[0]
    assert not boxes(at)


def test_keeps_the_readers_numbers_and_names_them():
    query = {"scheme": "wine-points@1", "for": "press", "points_pool.fee": "0.2", "horizon": "90"}
    at = opened("money", query)
    made = sheet(at, "wine-points", "en", changes={"points_pool.fee": 0.2, "horizon": 90})
    assert "--set points_pool.fee=0.2" in made.command
    cited = html(at).split("class='wp-cite'>")[1].split("</p>")[0]
    for part in ("scheme=wine-points@1", "points_pool.fee=0.2", "horizon=90", "for=press"):
        assert part in cited


@pytest.mark.parametrize("page", ["check", "money"])
def test_a_link_leads_there_and_back(page):
    w, lang = Words("en"), "en"
    at = opened(page, {"scheme": "wine-points@1", "order.spend": "500"})
    (there,) = [b for b in at.button if b.label == w("press.link")]
    there.click().run()
    working(at)
    assert at.query_params["for"] == "press"
    sheet(at, "wine-points", lang, page=page, changes={"order.spend": 500.0})
    (back,) = [b for b in at.button if b.label == w("press.back")]
    back.click().run()
    working(at)
    assert "for" not in at.query_params
    assert at.query_params["order.spend"] == "500"
    judged = judge(state.parse(dict(at.query_params), page=check.OWN))
    heading = told(judged, w).heading if page == "check" else w(f"page.{page}.heading")
    assert at.title[0].value == heading


@pytest.mark.parametrize("view", ["live", "steps", "compare", "rules", "people"])
def test_every_view_has_the_link(view):
    at = opened("money", {"scheme": "cyclic-purchase", "view": view, "horizon": "60"})
    assert [b.label for b in at.button].count(Words("en")("press.link")) == 1
    at = opened("money", {"scheme": "cyclic-purchase", "view": view, "for": "press"})
    assert at.query_params["for"] == "press"
    assert at.query_params.get("view", "live") == view


def test_another_picture_is_in_the_address():
    at = opened("money", {"scheme": "wine-points@1", "for": "press"})
    first = figures(at)
    at.radio[0].set_value("price").run()
    working(at)
    assert at.query_params["picture"] == "price"
    assert figures(at) != first
    again = opened("money", {"scheme": "wine-points@1", "for": "press", "picture": "price"})
    assert figures(again) == figures(at)


def test_what_the_address_may_not_say_is_said():
    at = opened("money", {"for": "everybody", "picture": "<b>"})
    assert boxes(at)
    assert at.title[0].value == Words("en")("page.money.heading")


def test_what_is_not_sure_is_named_and_not_printed():
    at = opened("check", {"scheme": "wine-points@1", "unsure": "points_pool.fee", "for": "press"})
    w = Words("en")
    (said,) = boxes(at, "info")
    assert said == w("press.needs", what=w.label("points_pool.fee"))
    assert w("press.head.conclusion") not in html(at)
    assert w("press.link") not in [each.label for each in at.button]


def test_an_own_scheme_is_nobodys_offer():
    at = opened("money", {"scheme": "own:points_pool", "points_pool.share": "0.4", "for": "press"})
    assert Words("en")("press.claim.own") in html(at)
