"""The field of people: its dots, its counts and what is said of them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load, presets, simulate
from model.standing import fared, reached
from view.pictures import field
from view.words.format import count_short
from view.words.words import LANGS, Words

DAYS = 50


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
def test_dots_counts_and_sentence_are_the_run_s(name, lang):
    w = Words(lang, strict=True)
    result = simulate(load(name, {"horizon": DAYS}))
    shown = field.field(result, w)
    told = fared(result)
    if name.startswith("case-") or told is None:
        assert shown is None
        return
    buyers = result.totals["buyers"]
    assert sum(shown.counts) == round(buyers)
    assert np.abs(np.array(shown.counts) - told.counts).max() <= 1
    if (wanted := reached(result)) is not None:
        assert abs(shown.counts[0] - wanted) <= 1
    # Every buyer is in one dot, and the dots' parts add up to the counts.
    assert len(shown.dots) <= field.MOST_DOTS
    sizes = np.full(len(shown.dots), float(shown.per))
    sizes[-1] = buyers - shown.per * (len(shown.dots) - 1)
    assert 0 < sizes[-1] <= shown.per
    assert (sizes * shown.dots[:, 0]).sum() == pytest.approx(told.counts[0], abs=1e-6 * buyers)
    some = told.counts[0] + told.counts[1]
    assert (sizes * shown.dots[:, 1]).sum() == pytest.approx(some, abs=1e-6 * buyers)
    assert (shown.dots[:, 0] <= shown.dots[:, 1] + 1e-12).all()
    if shown.counts[0]:
        assert count_short(shown.counts[0], lang) in shown.sentence
    assert count_short(shown.per, lang) in shown.scale or shown.per == 1
    assert shown.sentence in shown.alt


@given(
    name=st.sampled_from(presets()),
    dark=st.booleans(),
    orders=st.sampled_from([0.01, 1, 7, 360, 361, 100_000]),
    days=st.integers(1, 30),
)
def test_it_is_well_formed_and_small(name, dark, orders, days):
    try:
        scheme = load(name, {"horizon": days, "demand.orders_per_tick": orders})
    except ValueError:
        return
    shown = field.field(simulate(scheme), Words("zh-Hans", strict=True))
    if shown is None:
        return
    drawn = field.svg(shown, dark=dark)
    tree = ElementTree.fromstring(drawn)
    assert tree.attrib["aria-label"] == shown.alt
    assert len(drawn) < 40_000
    # Whoever has anything is seen, however few they are.
    assert (shown.dots[:, 0].max() > 0) == ('class="f-whole"' in drawn)
    radii = [float(r) for r in re.findall(r' r="([\d.]+)"', drawn)]
    assert all(field.LEAST * field.RADIUS - 0.1 <= r <= field.RADIUS for r in radii)


def test_nobody_moves_who_wants_no_movement():
    shown = field.field(simulate(load("wine-points", {"horizon": 9})), Words("en", strict=True))
    assert "@media (prefers-reduced-motion: no-preference) {" in field._PLAYS
    assert field.image(shown, dark=False, plays=True) != field.image(shown, dark=False, plays=False)
