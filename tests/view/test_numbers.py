"""Numbers beyond what anybody writes out."""

from __future__ import annotations

import pytest

from view.words import format as f
from view.words.words import LANGS

SAYERS = [f.yuan, f.yuan_short, f.percent, f.count, f.count_short, f.one_in, f.multiple, f.days]


@pytest.mark.parametrize("say", SAYERS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("lang", LANGS)
def test_every_size_has_words(say, lang):
    """The engine stops at a price of 1e150; nothing may be cut or fail on the way there."""
    for power in range(-300, 301, 3):
        for digits in (1.0, 1.545, 9.995):
            text = say(digits * 10.0**power, lang)
            assert 0 < len(text) < 50, (digits, power)


def test_a_power_of_ten():
    assert f.yuan(1.543e150, "en") == "¥1.54 × 10¹⁵⁰"
    assert f.multiple(2e20, "en") == "2 × 10²⁰×"
