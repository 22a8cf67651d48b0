"""Under a real name stands first what was published; the model counts orders and nobody as paid."""

from __future__ import annotations

import json
import re
import tomllib
from html import unescape
from typing import Any

import pytest

from model import presets, simulate
from model.facts import leading
from model.library import preset, real_case
from model.preset import PRESETS
from model.result import Result
from tests.pages.visit import finding as headline
from tests.pages.visit import html, opened
from tests.turns import in_turn
from view.money import live
from view.pages import PAGES
from view.parts import context
from view.pictures import charts, panels
from view.press import press_data, press_sheet
from view.sentences import findings
from view.serving.document import document
from view.settings.state import Settings, written
from view.words.format import count, count_short, yuan
from view.words.words import LANGS, Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(3)

assert context  # registers the parameters' English words
CASES = presets(kind="real_case")
ENTRIES = {page.id: page for page in PAGES}
CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"horizon": 300},
    {"behaviour.sell_share": 0.01, "horizon": 300},
    {"scheduled_release.share": 0.02, "horizon": 400},
    {"platform.policy": "stop", "scheduled_release.share": 0.02, "horizon": 400},
    # What an order brings is all that it is paid: even then nobody is counted.
    {"scheduled_release.share": 1.0, "scheduled_release.gift_multiple": 1.0, "horizon": 300},
)
OF_THE_MODEL = {
    "en": "{} orders of {} in the model",
    "zh-Hans": "模型里有 {} 单、每单 {}",
    "zh-Hant": "模型裡有 {} 單、每單 {}",
}
#: How the sentences about offers say how many were paid what they had spent.
COUNTED = re.compile(
    r"[Nn]one of [\d,.]+|at least what they|nobody of|none of them|of [\d,.]+( \w+)? buyers"
    r"|\(1 in [\d,.]+|没有一人|至少拿回|还没有人拿回|买家中|没有一单"
    r"|沒有一人|還沒有人拿回|買家中|沒有一單"
)


def published(id_: str, lang: str) -> str:
    """What leads, straight from the file of facts."""
    document_ = tomllib.loads((PRESETS / "facts.toml").read_text("utf-8"))
    (text,) = [f["text"] for f in document_["fact"] if f["about"] == id_ and f.get("leads")]
    return Words(lang, strict=True).text(text["en"], text["zh"])


def paid(result: Result, lang: str) -> set[str]:
    """How many orders were paid their price, or all they were promised, as it would be said."""
    found = set()
    for name in ("even", "left"):
        n = round(result.totals[name])
        if n > 31:  # a small one is also a day, or an amount
            found |= {count_short(n, lang), count(n, lang)}
    return found


def nobody_counted(text: str, result: Result, lang: str) -> None:
    assert not COUNTED.search(text), text
    for number in paid(result, lang):
        assert not re.search(rf"(?<![\d,.¥]){re.escape(number)}(?![\d,.]*\d)", text), (number, text)


def leads(text: str, id_: str, lang: str) -> None:
    """Name, what was published, its sources with their grades; then the model and its limits."""
    w, chosen = Words(lang, strict=True), preset(id_)
    fact = leading(id_)
    assert fact is not None
    assert text.startswith(w.text(chosen.name.en, chosen.name.zh))
    at = [text.index(published(id_, lang)), text.index(w("facts.grade", grade=fact.grade))]
    price = yuan(chosen.scheme().order.mean_spend, lang)
    at += [text.index(w("case.model", spend=price)), text.index(w("case.unknown"))]
    assert at == sorted(at)


def test_a_case_leads_with_its_size() -> None:
    for id_ in CASES:
        fact = leading(id_)
        assert fact is not None
        assert "members_million" in fact.figures
    assert leading("notice-2018") is None
    assert real_case(preset("wine-points").scheme()) is None
    assert real_case(preset("own:scheduled_release").scheme()) is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id_", CASES)
def test_follow_the_money_its_moving_answer_and_the_sheet(id_: str, lang: str) -> None:
    w, chosen = Words(lang, strict=True), preset(id_)
    for changes in CHANGES:
        result = simulate(chosen.scheme(changes))
        said = findings.finding(result, w)
        leads(said, id_, lang)
        orders = count_short(result.totals["buyers"], lang)
        price = yuan(result.scheme.order.mean_spend, lang)
        assert "".join(OF_THE_MODEL[lang].format(orders, price).split()) in "".join(said.split())
        # The live panels, while a hand moves.
        shown = live.Shown(
            settings=Settings(chosen, changes, {"zoom": "off"}), lang=lang, dark=False, height=310
        )
        message = {
            "seq": 1,
            "scheme": chosen.reference,
            "values": {},
            "page": shown.written(),
        }
        moving = json.loads(live.answer(json.dumps(message).encode()))
        assert moving["finding"] == said
        assert w("case.assume", spend=price) in moving["assume"]
        titles = [panel["title"] for panel in moving["panels"]]
        assert all(title.startswith(w("case.title", title="").strip()) for title in titles)
        assert w("case.assume", spend=price) in findings.foot(result.scheme, chosen, changes, w)
        # The sheet and what is taken along.
        sheet = press_sheet.of_scheme(chosen, changes, w)
        leads(sheet.conclusion, id_, lang)
        assert not re.search("^(even|left|waiting) ", sheet.printed, re.MULTILINE)
        readme = press_data.readme(sheet, "https://who.example/", w)
        sums = [f"{line.text} {line.meaning}" for line in sheet.arithmetic]
        for text in (said, *titles, sheet.conclusion, sheet.printed, readme, *sums):
            nobody_counted(text, result, lang)
        for picture in (*sheet.pictures, *panels.panels(result, charts.Look(w=w), foot="")):
            nobody_counted(f"{picture.title} {picture.alt}", result, lang)


@pytest.mark.parametrize(("id_", "lang"), in_turn(CASES, LANGS))
def test_the_document_before_any_script(id_: str, lang: str) -> None:
    result = simulate(preset(id_).scheme())
    for page in ("money", "claims"):
        for view in ("", "live", "whose", "people", "compare", "steps", "cases"):
            query = {"scheme": id_, "lang": lang, "case": id_} | ({"view": view} if view else {})
            whole = document(ENTRIES[page], lang, query)
            told = unescape(whole.split('<script type="application/json"')[0])
            nobody_counted(re.sub(r"<style>.*?</style>", "", told, flags=re.DOTALL), result, lang)
            if page == "money" and view in {"", "live"}:
                assert published(id_, lang) in told


@pytest.mark.parametrize("id_", CASES)
def test_an_assumed_rule_is_in_the_sentence_that_rests_on_it(id_: str) -> None:
    w, chosen = Words("en", strict=True), preset(id_)
    said = findings.finding(simulate(chosen.scheme()), w)
    rules = [
        item
        for item in chosen.value
        if item.quality == "assumed" and item.key.startswith("scheduled_release.")
    ]
    assert bool(rules) == (id_ == "case-yuehua")
    for item in rules:
        assert w.label(item.key) in said
    if rules:
        assert "0.05%" in said
        # What the reader has set is no assumption of ours.
        changes = {"scheduled_release.daily_rate": 0.001}
        mine = findings.finding(simulate(chosen.scheme(changes)), w)
        assert w.label("scheduled_release.daily_rate") not in mine


@pytest.mark.parametrize("view", ["live", "whose", "compare", "steps"])
@pytest.mark.parametrize("id_", CASES)
def test_every_view_of_a_case(id_: str, view: str) -> None:
    lang = LANGS[(CASES.index(id_) + len(view)) % len(LANGS)]
    w = Words(lang, strict=True)
    query = {"scheme": id_, "view": view, "horizon": written(300), "knobs": "plain"}
    result = simulate(preset(id_).scheme({"horizon": 300}))
    at = opened("money", query, lang=lang)
    leads(headline(at), id_, lang)
    nobody_counted(headline(at), result, lang)
    said = html(at)
    if view == "whose":
        price = yuan(result.scheme.order.mean_spend, lang)
        assert w("case.standing", spend=price) in said
    if view == "compare":
        assert said.count(w("case.not_counted")) == 2


def test_a_case_beside_another_scheme_is_its_rules_alone() -> None:
    w = Words("en", strict=True)
    query = {"scheme": "wine-points", "view": "compare", "with": "case-wanjia@2", "horizon": "60"}
    at = opened("money", query)
    name = preset("case-wanjia").name.en
    assert w("case.rules", name=name) in html(at)
    assert w("case.compared") in headline(at)
    assert html(at).count(w("case.not_counted")) == 2


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id_", CASES)
def test_the_page_of_cases_begins_with_what_was_published(id_: str, lang: str) -> None:
    at = opened("claims", {"view": "cases", "case": id_}, lang=lang)
    said = html(at)
    assert said.index(published(id_, lang)) < said.index(headline(at))
    nobody_counted(headline(at), simulate(preset(id_).scheme()), lang)
