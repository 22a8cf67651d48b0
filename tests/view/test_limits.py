"""The costliest schemes an address can ask for are cut short, and the page says so."""

from __future__ import annotations

import pytest

from model import load
from tests.pages.visit import opened
from view import context, limits
from view.words import LANGS, Words

assert context  # registers the parameters' English words
HEAVY = {"scheme": "equity-shop", "horizon": "10000", "behaviour.sell_share": "0.01"}


@pytest.mark.parametrize("lang", LANGS)
def test_a_heavy_scheme_is_shown_for_fewer_days(lang):
    at = opened("money", HEAVY | {"lang": lang})
    said = Words(lang, strict=True)("url.heavy", days="2,500")
    assert said in [box.value for box in at.warning]
    assert at.query_params["horizon"] in ("2500", ["2500"])


def test_only_what_is_heavy_is_bounded():
    assert limits.most_days(load("equity-shop", {"horizon": 10_000})) is None
    assert limits.most_days(load("wine-points", {"behaviour.sell_share": 0.01})) is None
    heavy = load("equity-shop", {"horizon": 10_000, "behaviour.sell_share": 0.01})
    assert limits.most_days(heavy) == limits.MOST_DAYS
    assert heavy.horizon == 10_000  # the model itself has no such limit
