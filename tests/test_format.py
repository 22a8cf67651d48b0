"""Numbers as people read them."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.scheme import scheme_parameters
from view.words import format as f
from view.words.words import LANGS


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (97.77, "¥97.77"),
        (960, "¥960"),
        (959.999, "¥960"),
        (12.5, "¥12.50"),
        (999.999, "¥1,000"),
        (1234.56, "¥1,235"),
        (0.05, "¥0.05"),
        (0.0037, "¥0.0037"),
        (0, "¥0"),
        (-0.0, "¥0"),
        (-12.5, "−¥12.50"),
        (-1e-9, "¥0"),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_yuan(x, text, lang):
    assert f.yuan(x, lang) == text


@pytest.mark.parametrize(
    ("x", "english", "simplified", "traditional"),
    [
        (97.77, "¥97.77", "¥97.77", "¥97.77"),
        (24_000, "¥24,000", "¥2.4 万", "¥2.4 萬"),
        (24_123_456, "¥24.1 million", "¥2,410 万", "¥2,410 萬"),
        (999_999, "¥1 million", "¥100 万", "¥100 萬"),
        (1.2e9, "¥1.2 billion", "¥12 亿", "¥12 億"),
        (1.2e12, "¥1.2 trillion", "¥1.2 万亿", "¥1.2 兆"),
        (-5e8, "−¥500 million", "−¥5 亿", "−¥5 億"),
    ],
)
def test_yuan_short(x, english, simplified, traditional):
    assert [f.yuan_short(x, lang) for lang in LANGS] == [english, simplified, traditional]


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.16, "16%"),
        (0.125, "12.5%"),
        (1, "100%"),
        (0.0035, "0.35%"),
        (0.00001, "0.001%"),
        (1e-7, "<0.0001%"),
        (0, "0%"),
        (-0.2, "−20%"),
        # What was set is never shortened, and what is nearly nought or all does not read as it.
        (0.0255, "2.55%"),
        (1 - 0.0255, "97.45%"),
        (0.00949, "0.949%"),
        (0.0095, "0.95%"),
        (0.9996, "99.96%"),
        (0.99963217, "99.963%"),
        (1 - 1e-9, "<100%"),
        (1 + 1e-9, ">100%"),
        (0.8 * 1.2, "96%"),
        (1 / 3, "33.3%"),
        (2.5, "250%"),
        (314.159, "31,416%"),
    ],
)
def test_percent(x, text):
    assert f.percent(x, "en") == f.percent(x, "zh-Hans") == text


SHARES = sorted(
    {
        (parameter.step, *(parameter.slider or (0.0, 1.0)))
        for parameter in scheme_parameters().values()
        if parameter.unit == "share" and parameter.step
    }
)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("step", "low", "high"), SHARES)
def test_a_share_reads_unlike_its_neighbours(step, low, high, lang):
    """On the slider and between its steps, unlike nought and unlike all."""
    steps = round((high - low) / step * 10)
    read = [f.percent(low + n * step / 10, lang) for n in range(steps + 1)]
    assert len(set(read)) == len(read)


@given(st.decimals(0, 1, places=6), st.sampled_from(LANGS))
def test_a_share_that_was_set_is_printed_whole(share, lang):
    said = f.percent(float(share), lang).removesuffix("%")
    assert Decimal(said) == share * 100


@given(st.floats(0, 1), st.sampled_from(LANGS))
def test_any_share_is_near_what_it_reads(share, lang):
    said = f.percent(share, lang).removesuffix("%")
    if said[0] in "<>":
        assert (share * 100 < float(said[1:])) == (said[0] == "<")
        assert share not in {0, 1}
        return
    assert float(said) == pytest.approx(100 * share, rel=0.006, abs=1e-12)
    assert (float(said) == 0) == (share == 0)
    assert (float(said) == 100) == (abs(share - 1) < 1e-14)


def test_counts():
    assert f.count(1234, "en") == f.count(1234, "zh-Hant") == "1,234"
    assert [f.count_short(24_000, lang) for lang in LANGS] == ["24,000", "2.4 万", "2.4 萬"]
    assert f.count_short(999, "zh-Hans") == "999"


@pytest.mark.parametrize(
    ("k", "english", "chinese"),
    [
        (333.7, "1 in 334", "334 人中 1 人"),
        (3.33, "1 in 3.3", "3.3 人中 1 人"),
        (0.2, "1 in 1", "1 人中 1 人"),
        (123_456, "1 in 123,000", "12.3 万人中 1 人"),
    ],
)
def test_one_in(k, english, chinese):
    assert f.one_in(k, "en") == english
    assert f.one_in(k, "zh-Hans") == chinese


def test_multiple():
    assert [f.multiple(x, "en") for x in (1.255, 1 / 3, 12.345, 1e-7)] == [
        "1.255×",
        "0.333×",
        "12.345×",
        "<0.0001×",
    ]
    assert [f.multiple(1.2, lang) for lang in LANGS] == ["1.2×", "1.2 倍", "1.2 倍"]
    assert f.multiple(1234, "en") == "1,230×"


@pytest.mark.parametrize(
    ("n", "english", "chinese"),
    [
        (1, "1 day", "1 天"),
        (3.5, "3.5 days", "3.5 天"),
        (45, "45 days", "45 天"),
        (200, "7 months", "7 个月"),
        (365 * 3, "3 years", "3 年"),
        (4000, "11 years", "11 年"),
    ],
)
def test_days(n, english, chinese):
    assert f.days(n, "en") == english
    assert f.days(n, "zh-Hans") == chinese


#: Where a format changes: the last number before, what it reads, and the first after it.
TURNS = {
    f.days: [
        (9.94, "9.9 days", 9.95, "10 days"),
        (59.999, "60 days", 60, "2 months"),
        (730.49, "24 months", 730.5, "2 years"),
        (9.94 * 365.25, "9.9 years", 9.96 * 365.25, "10 years"),
        (10.44 * 365.25, "10 years", 10.56 * 365.25, "11 years"),
        (365_250, "1,000 years", 365_251, "more than 1,000 years"),
    ],
    f.yuan: [
        (0.004_949, "¥0.0049", 0.004_951, "¥0.005"),
        (0.000_004_9, "¥0", 0.000_005, "¥0.00001"),
        (0.994, "¥0.99", 0.995, "¥1"),
        (12.994, "¥12.99", 12.995, "¥13"),
        (999.994, "¥999.99", 999.995, "¥1,000"),
        (1000.49, "¥1,000", 1000.5, "¥1,001"),
        (9.994e17, "¥999,400,000,000,000,000", 1e18, "¥1 × 10¹⁸"),
    ],
    f.yuan_short: [
        (9_999.49, "¥9,999", 9_999.5, "¥10,000"),
        (99_949, "¥99,900", 99_950, "¥100,000"),
        (999_499, "¥999,000", 999_500, "¥1 million"),
        (999.4e6, "¥999 million", 999.5e6, "¥1 billion"),
        (999.4e9, "¥999 billion", 999.5e9, "¥1 trillion"),
        (9.994e17, "¥999,000 trillion", 9.995e17, "¥1 × 10¹⁸"),
    ],
    f.count_short: [
        (9_999.49, "9,999", 10_049, "10,000"),
        (10_049, "10,000", 10_051, "10,100"),
        (999_499, "999,000", 999_500, "1 million"),
    ],
    f.percent: [
        (0.99e-6, "<0.0001%", 1e-6, "0.0001%"),
        (9.9996, "999.96%", 10.004, "1,000%"),
        (10.0149, "1,001%", 10.0151, "1,002%"),
    ],
    f.factor: [
        (0.99e-4, "<0.0001", 1e-4, "0.0001"),
        (999.6, "999.6", 1000.4, "1,000"),
    ],
    f.quantity: [
        (99.96, "99.96", 100.4, "100"),
        (100.49, "100", 100.5, "101"),
    ],
    f.heads: [
        (0.5, "1", 1.04, "1"),
        (1.04, "1", 1.06, "1.1"),
        (9.94, "9.9", 9.96, "10"),
        (10.4, "10", 10.6, "11"),
        (99.96, "100", 100.4, "100"),
    ],
    f.multiple: [
        (99.96, "99.96×", 100.4, "100×"),
        (1004, "1,000×", 1006, "1,010×"),
    ],
}


@pytest.mark.parametrize(
    ("say", "before", "reads", "after", "then"),
    [(say, *turn) for say, turns in TURNS.items() for turn in turns],
    ids=lambda x: getattr(x, "__name__", str(x)),
)
def test_both_sides_of_where_a_format_changes(say, before, reads, after, then):
    assert say(before, "en") == reads
    assert say(after, "en") == then


#: Days in a unit of time, and from how many days on it is said.
UNITS = {"day": (1.0, 0.0), "month": (365.25 / 12, 60.0), "year": (365.25, 730.5)}


@given(st.floats(0, 365_250))
def test_a_stretch_of_time_reads_back(n):
    amount, unit = f.days(n, "en").split(" ")
    length, since = UNITS[unit.removesuffix("s")]
    wanted = max((u for u in UNITS.values() if u[1] <= n), key=lambda u: u[1])
    assert (length, since) == wanted
    read = float(amount.replace(",", ""))
    # Half of a last place that was said: a tenth of a short stretch, else a whole unit of it.
    tenths = length != UNITS["month"][0] and n / length < 9.9
    half = 0.05 if tenths else 0.5
    assert abs(read - n / length) <= half * (1 + 1e-9) + 1e-9
    assert (unit == f"{unit.removesuffix('s')}s") == (read != 1)


@given(st.floats(1e-4, 9e17), st.booleans())
def test_money_reads_back(x, in_words):
    """What is printed is the sum, to half of its last place; in words to three digits."""
    said = (f.yuan_short if in_words else f.yuan)(x, "en").removeprefix("¥")
    number, _, word = said.partition(" ")
    scale = {"": 1, "million": 10**6, "billion": 10**9, "trillion": 10**12}[word]
    read = float(number.replace(",", "")) * scale
    if in_words and x >= 10_000:
        assert read == pytest.approx(x, rel=0.005)
    elif x < 0.1:
        assert read == pytest.approx(x, rel=0.05, abs=0.000_005)
    else:
        assert abs(read - x) <= (0.005 if x < 1000 else 0.5) * (1 + 1e-9)


def test_date():
    day = dt.date(2026, 3, 1)
    assert [f.date(day, lang) for lang in LANGS] == [
        "March 1, 2026",
        "2026 年 3 月 1 日",
        "2026 年 3 月 1 日",
    ]


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "say",
    [f.yuan, f.yuan_short, f.percent, f.count, f.count_short, f.one_in, f.multiple, f.days],
    ids=lambda function: function.__name__,
)
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_not_a_number(say, x, lang):
    assert say(x, lang) == f.NOTHING


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_one_in_one_is_everybody(lang):
    assert f.everybody(1.0)
    assert f.everybody(1.004)
    assert not f.everybody(1.01)
    assert f.odds(1.0, lang) in {"all of them", "全部"}
    assert f.odds(334, lang) == f.one_in(334, lang)


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0.150615, "0.151"),  # one order in a week is not nought a day
        (0.0001, "0.0001"),
        (0.00001, "<0.0001"),
        (0, "0"),
        (14.5, "14.5"),
        (100 / 3, "33.3"),
        (1.999, "1.999"),
        (1356.4, "1,356"),
        (20_000, "20,000"),
    ],
)
def test_a_number_that_need_not_be_whole(n, text):
    assert f.quantity(n, "en") == text
    assert f.quantity(n, "en", short=True) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [(7.25, "7.25"), (6.25, "6.25"), (20 / 3, "6.67"), (3.0, "3"), (1.0004, "1.0004")],
)
def test_a_factor_is_whole_beside_its_product(x, text):
    assert f.factor(x, "en") == text
    assert f.multiple(x, "en") == f"{text}×"
