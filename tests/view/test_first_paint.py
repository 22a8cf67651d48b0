"""What the server sends before any script has run already says the finding."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from model import load, presets, simulate
from model.claims import CLAIMS
from model.library import preset
from tests.model.agree import SEARCH
from tests.turns import with_points_alone
from tests.view.test_state import MANGLED
from view.claims import claims_text
from view.money import live
from view.pages import PAGES
from view.parts import context
from view.sentences import answers, case_words, findings
from view.sentences.verdict import told
from view.serving.document import document
from view.settings.state import Settings
from view.words.format import yuan
from view.words.words import LANGS, Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(2)

POINTS = with_points_alone()
ENTRIES = {page.id: page for page in PAGES}
assert context  # registers the parameters' English words


def painted(page: str, lang: str, query: dict[str, str]) -> str:
    """The document up to where the application will stand."""
    return unescape(document(ENTRIES[page], lang, query).split('<div id="root">')[0])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", [None, *POINTS])
def test_check_says_the_most_and_what_reaches_the_pool(name, lang):
    query = {"lang": lang} | ({"scheme": f"{name}@{preset(name).revision}"} if name else {})
    scheme = load(name or presets()[0])
    html = painted("check", lang, query)
    assert yuan(scheme.most_paid, lang) in html
    # The first screen has an example's verdict, and its numbers one step on.
    assert (yuan(scheme.pool.share * scheme.order.spend, lang) in html) == (name is not None)
    w = Words(lang, strict=True)
    offer = answers.offer(scheme, preset(scheme.id), {})
    assert told(offer, w).heading in html
    assert (w("page.check.heading") in html) == (name is None)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("changes", [{}, {"points_pool.fee": 0.35, "horizon": 100}])
def test_money_says_the_finding_of_its_run(changes, lang):
    query = {"lang": lang, "scheme": "wine-points"} | {k: str(v) for k, v in changes.items()}
    result = simulate(load("wine-points", changes))
    html = painted("money", lang, query)
    w = Words(lang, strict=True)
    # The line right below says what is assumed.
    assert (
        f"{case_words.lines(findings.finding(result, w))}</p>"
        f'<p class="wp-assume">{findings.assumption(result.scheme, w)}</p>'
    ) in html


def embedded(lang: str, query: dict[str, str], browser: str = "") -> Any:
    """What the document holds for the script that draws the panels."""
    html = document(ENTRIES["money"], lang, query, browser=browser)
    found = re.search(r'<script type="application/json" id="wp-panels">(.*?)</script>', html)
    return json.loads(found[1]) if found else None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
def test_the_panels_are_in_the_document_as_the_page_will_have_them(name, lang):
    """The same text, so that what is drawn once need not be drawn again."""
    changes = {"horizon": 20}
    query = {"scheme": name, "horizon": "20"}
    chosen = preset(name)
    settings = Settings(chosen, changes, {"zoom": "off"})
    for browser, height in (("Mozilla/5.0 (iPhone) Mobile Safari", 200), ("Mozilla/5.0", 310)):
        page = live.Shown(settings=settings, lang=lang, dark=False, height=height)
        told = json.loads(live.told(simulate(chosen.scheme(changes)), page, seq=0, refused={}))
        found = embedded(lang, query, browser)
        assert found == {key: told[key] for key in found}
        assert len(found["panels"]) == 3


@pytest.mark.parametrize(
    "query",
    [
        {"view": "whose"},
        {"view": "steps"},
        {"knobs": "plain"},
        {"for": "press"},
        {"horizon": "9000"},
    ],
    ids=str,
)
def test_where_the_page_has_no_live_panels_the_document_has_none(query):
    assert len(embedded("en", {"scheme": "wine-points"})["panels"]) == 3
    assert embedded("en", {"scheme": "wine-points", **query}) is None


def test_no_text_ends_the_element_it_stands_in():
    html = document(ENTRIES["money"], "en", {"scheme": "wine-points"})
    inside = html.split('id="wp-panels">')[1].split("</script>")[0]
    assert "<" not in inside
    assert "<br>" in json.loads(inside)["panels"][0]["figure"]


@pytest.mark.parametrize("lang", LANGS)
def test_sources_says_what_it_is(lang):
    w = Words(lang, strict=True)
    html = painted("sources", lang, {"lang": lang})
    assert w("page.sources.heading") in html
    assert w("page.sources.description") in html


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id_", CLAIMS)
def test_a_claim_says_its_fact(id_, lang):
    w = Words(lang, strict=True)
    html = painted("claims", lang, {"lang": lang, "claim": id_, "scheme": CLAIMS[id_].home})
    told = claims_text.tell(CLAIMS[id_], w)
    below = f'<p class="wp-assume">{told.assumed}</p>' if told.assumed else ""
    assert f'<p class="wp-finding">{told.fact}</p>{below}' in html
    # Neither here nor there does it need the scheme's name, unless another one fits first.
    if not CLAIMS[id_].fits(load(presets()[0])):
        bare = painted("claims", lang, {"lang": lang, "claim": id_})
        assert html.split("<main>")[1] == bare.split("<main>")[1]


def test_the_list_of_claims_says_how_many():
    assert "28 claims" in painted("claims", "en", {"lang": "en"})


@pytest.mark.parametrize("page", ENTRIES)
def test_a_mangled_address_still_paints_something(page):
    every = 5 if SEARCH > 1 else 25
    for number, query in enumerate(MANGLED[list(ENTRIES).index(page) :: every]):
        lang = LANGS[number % len(LANGS)]
        html = painted(page, lang, query)
        assert "<h1>" in html
        for text in query.values():
            # Nothing of the address is repeated.
            assert "<script>alert" not in text or text not in html
