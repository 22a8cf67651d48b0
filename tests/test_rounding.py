"""Money is rounded once, by one rule: what fractions say, half away from nought."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load, simulate
from model.figures import printed
from model.library import preset
from model.rounding import exactly, plain, rounded, written
from view.claims import claims_text
from view.money import whose_tables
from view.press.press_sheet import of_scheme
from view.words.format import yuan
from view.words.words import words

ROOT = Path(__file__).resolve().parents[1]


def half_away(exact: Fraction, places: int = 2) -> Fraction:
    """The rule, from fractions alone."""
    scale = 10**places
    size = math.floor(abs(exact) * scale + Fraction(1, 2))
    return Fraction(size if exact >= 0 else -size, scale)


def typed(x: float) -> Fraction:
    """The decimal a person typed."""
    return Fraction(repr(x))


prices = st.integers(1, 10_000_000).map(lambda n: n / 100)
multiples = st.integers(1, 1000).map(lambda n: n / 100)
shares = st.integers(0, 1000).map(lambda n: n / 1000)


@given(prices, multiples, shares, shares)
def test_a_price_times_shares_is_what_fractions_say(
    price: float, multiple: float, share: float, fee: float
) -> None:
    exact = typed(price) * typed(multiple) * typed(share) * (1 - typed(fee))
    for ours in (
        price * multiple * share * (1 - fee),
        share * ((1 - fee) * price) * multiple,
        -(price * (multiple * share) * (1 - fee)),
    ):
        wanted = half_away(exact if ours >= 0 else -exact)
        if abs(ours) >= 1:
            # Below, the twelve digits reach further than any product of these.
            assert Fraction(rounded(ours)) == wanted
        assert abs(Fraction(rounded(ours)) - wanted) <= Fraction(1, 100)
        assert Fraction(rounded(float(plain(ours)))) == Fraction(rounded(ours))


@given(st.lists(prices, min_size=1, max_size=300), shares)
def test_so_is_a_sum_however_it_is_added_up(amounts: list[float], share: float) -> None:
    exact = sum((typed(x) * typed(share) for x in amounts), Fraction(0))
    ours, back = sum(x * share for x in amounts), sum(x * share for x in reversed(amounts))
    for found in (ours, back, math.fsum(amounts) * share):
        assert Fraction(rounded(found)) == half_away(exact)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-3, 6))
def test_rounding_twice_is_rounding_once(x: float, places: int) -> None:
    once = rounded(x, places)
    assert abs(Fraction(once) - Fraction(exactly(x))) * 2 <= Fraction(10) ** -places
    if abs(x) < 1e9:
        assert rounded(float(once), places) == once
    assert float(plain(x)) == pytest.approx(x, rel=1e-11)


@pytest.mark.parametrize(
    ("x", "places", "text"),
    [
        (299 * 1.5 * 0.85, 2, "381.23"),
        (-299 * 1.5 * 0.85, 2, "-381.23"),
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (0.125, 2, "0.13"),
        (-0.001, 2, "0.00"),
        (1e11 + 0.125, 2, "100,000,000,000.13"),
        (2.5, 0, "3"),
        (1234.5678, 0, "1,235"),
        (1.5e150, 2, f"{int(Fraction('1.5e150')):,}.00"),
    ],
)
def test_known_sums(x: float, places: int, text: str) -> None:
    assert written(x, places) == text


def test_no_number_has_no_digits() -> None:
    assert [plain(x) for x in (math.inf, math.nan, 0.0, -0.0)] == ["inf", "nan", "0", "0"]
    assert [plain(x) for x in (1e20, 1e-20, 381.22499999999997)] == ["1e+20", "1e-20", "381.225"]
    with pytest.raises(ValueError, match="not a number"):
        rounded(math.nan)


SETTINGS = {
    "order.spend": 299,
    "points_pool.exit_multiple": 1.5,
    "points_pool.fee": 0.15,
    "horizon": 60,
}


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_the_sheet_says_what_its_command_prints(lang: str) -> None:
    """299 x 1.5 x 85 % is 381.225: 381.23 in the sentence, in the arithmetic and of the command."""
    sheet = of_scheme(preset("wine-points"), SETTINGS, words(lang))
    command = dict(
        line.split() for line in printed(simulate(load("wine-points", SETTINGS))).splitlines()
    )
    assert command["most"] == "381.225"
    assert half_away(Fraction(command["most"])) == Fraction("381.23")
    assert sheet.quoted["most"] == "¥381.23"
    assert "¥381.23" in sheet.conclusion
    assert any("381.23" in line.text for line in sheet.arithmetic)
    assert not any("381.22" in line.text for line in sheet.arithmetic)


@given(prices, multiples, shares)
def test_every_page_rounds_alike(price: float, multiple: float, share: float) -> None:
    amount = price * multiple * share
    cents = half_away(typed(price) * typed(multiple) * typed(share))
    if amount < 1:
        return
    assert Fraction(whose_tables.to_the_cent(amount).replace(",", "")) == cents
    assert Fraction(claims_text.printed(amount, 2, "yuan").replace(",", "")) == cents
    if amount < 999.99:
        assert Fraction(yuan(amount, "en").removeprefix("¥").replace(",", "")) == cents


def test_nothing_is_rounded_beside_it() -> None:
    """No page rounds money by itself: not by ``round(x, 2)``, and not by a format of two places."""
    by_itself = re.compile(r"round\([^()]*(\([^()]*\))?[^()]*, 2\)|\{[^{}]*:,?\.[24]f\}|\.round\(")
    for line in ("round(x, 2)", "round(f(x), 2)", 'f"{x:.2f}"', 'f"{x:,.4f}"', "x.round(2)"):
        assert by_itself.search(line), line
    allowed = {
        # Numbers that are no money: growth in per cent, steps of a knob, edges of ticks.
        "view/claims/cases.py",
        "view/money/one.py",
        *(
            f"view/pictures/{name}.py"
            for name in ("charts", "charts_cases", "charts_compare", "panels")
        ),
        "model/mechanisms/points_pool/draws.py",
        "model/mechanisms/base.py",
    }
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("view", "model")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in allowed
        for line in path.read_text("utf-8").splitlines()
        if by_itself.search(line) and "hovertemplate" not in line
    ]
    assert not found


def test_a_number_of_an_array_is_a_number():
    """Of numpy's numbers the name of the type is not written along."""
    for x in (12_345_678_901_234.5, 1e18, 0.1, 3.0):
        assert exactly(np.float64(x)) == exactly(x)
