"""What the server sends of the Check page before any script has run, for every scheme."""

from __future__ import annotations

from html import unescape

import pytest

from model import load, presets
from model.library import preset
from tests.view.test_answers import MIXTURES
from tests.view.test_first_paint import painted
from view.check import check
from view.sentences import answers
from view.sentences.verdict import told
from view.words.words import LANGS, Words


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reference", [*presets(), *MIXTURES])
def test_every_scheme_has_its_finding_and_its_card(reference, lang):
    html = painted("check", lang, {"lang": lang, "scheme": reference})
    chosen, w = preset(reference), Words(lang, strict=True)
    offer = answers.offer(chosen.scheme(), chosen, {})
    assert told(offer, w).heading in html
    for value, text in answers.facts(offer, w):
        assert value in html
        assert text in html


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_about_what_was_promised_and_the_package(lang):
    w = Words(lang, strict=True)
    html = painted("check", lang, {"promise": "agents"})
    first = preset(presets()[0])
    assert told(answers.offer(first.scheme(), first, {}, focus="agents"), w).heading in html
    html = painted("check", lang, {"scheme": "green-points", "package": "2"})
    green = preset("green-points")
    assert told(answers.offer(load("green-points"), green, {}, package=2), w).heading in html


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "9" * 400, "agents,points", "²"])
def test_nothing_of_the_page_s_own_settings_is_repeated(text):
    query = dict.fromkeys(check.OWN, text)
    html = painted("check", "en", query)
    assert "<script>alert" not in unescape(html)
    first = preset(presets()[0])
    offer = answers.offer(first.scheme(), first, {})
    assert told(offer, Words("en", strict=True)).heading in html


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("step", ["offer", "numbers", "place", "paste", "paid"])
def test_a_screen_says_what_it_asks(step, lang):
    w = Words(lang, strict=True)
    html = painted("check", lang, {"step": step, "scheme": "guild-queue"})
    assert f"<h1>{check.heading(step, w)}</h1>" in html
    assert 'class="wp-finding"' not in html


def test_the_page_to_print_and_the_first_question_have_the_finding():
    w = Words("en", strict=True)
    for query in ({}, {"step": "start"}, {"step": "answer"}, {"for": "print"}):
        first = preset(presets()[0])
        offer = answers.offer(first.scheme(), first, {})
        assert told(offer, w).heading in painted("check", "en", query)
