"""What the server sends before any script has run already says the finding."""

from __future__ import annotations

from html import unescape

import pytest

from model import load, presets, simulate
from model.claims import CLAIMS
from model.library import preset
from tests.view.test_state import MANGLED
from view import answers, claims_text, context, findings
from view.document import document
from view.format import yuan
from view.pages import PAGES
from view.words import LANGS, Words

ENTRIES = {page.id: page for page in PAGES}
assert context  # registers the parameters' English words


def painted(page: str, lang: str, query: dict[str, str]) -> str:
    """The document up to where the application will stand."""
    return unescape(document(ENTRIES[page], lang, query).split('<div id="root">')[0])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", [None, *presets(family="points_pool")])
def test_check_says_the_most_and_what_reaches_the_pool(name, lang):
    query = {"lang": lang} | ({"scheme": f"{name}@{preset(name).revision}"} if name else {})
    scheme = load(name or presets()[0])
    html = painted("check", lang, query)
    assert yuan(scheme.most_paid, lang) in html
    assert yuan(scheme.pool.share * scheme.order.spend, lang) in html
    w = Words(lang, strict=True)
    offer = answers.offer(scheme, preset(scheme.id), {})
    assert answers.headline(offer, w) in html
    assert w("page.check.heading") in html


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("changes", [{}, {"points_pool.fee": 0.35, "horizon": 100}])
def test_money_says_the_finding_of_its_run(changes, lang):
    query = {"lang": lang, "scheme": "wine-points"} | {k: str(v) for k, v in changes.items()}
    result = simulate(load("wine-points", changes))
    html = painted("money", lang, query)
    assert findings.finding(result, Words(lang, strict=True)) in html


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
    assert claims_text.tell(CLAIMS[id_], w).fact in html
    # Neither here nor there does it need the scheme's name, unless another one fits first.
    if not CLAIMS[id_].fits(load(presets()[0])):
        assert html == painted("claims", lang, {"lang": lang, "claim": id_})


def test_the_list_of_claims_says_how_many():
    assert "28 claims" in painted("claims", "en", {"lang": "en"})


@pytest.mark.parametrize("page", ENTRIES)
def test_a_mangled_address_still_paints_something(page):
    for number, query in enumerate(MANGLED[::5]):
        lang = LANGS[number % len(LANGS)]
        html = painted(page, lang, query)
        assert Words(lang)(f"page.{page}.heading") in html
        for text in query.values():
            # Nothing of the address is repeated.
            assert "<script>alert" not in text or text not in html
