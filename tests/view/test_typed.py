"""Numbers as people type them: one table for every box, and what the project writes reads back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from view.words import format as written_as
from view.words import typed, typed_said
from view.words.typed import Allowed, TypedError
from view.words.words import LANGS, words

ANY = Allowed()
SHARE = Allowed("share", 0, 100)
MULTIPLE = Allowed("multiple", 0, 100)
YUAN = Allowed("yuan", 0, 1e7)
DAYS = Allowed("ticks", 1, 4000, whole=True)
HEADS = Allowed("count", 0, 10**9, whole=True, empty=True)

READ = [
    *((ANY, text, 1000) for text in ("1,000", "1 000", "1０００", "１，０００", "1'000")),
    *((ANY, text, 1000.5) for text in ("1.000,5", "1,000.5", "1 000,5", "1 000.5")),
    *((ANY, text, 2.5) for text in ("2,5", "2.5", "２．５", "2，5", "2,50")),
    *((ANY, text, -5) for text in ("-5", "−5", "—5", "–5", "－5", "负5", "- 5")),
    *((ANY, text, 24_000) for text in ("2.4万", "2.4 萬", "2.4w", "2,4万", "两万四")),
    (ANY, "1,2", 1.2),
    (ANY, "0,500", 0.5),
    (ANY, "1.000", 1),
    (ANY, "1.000.000", 1e6),
    (ANY, "1,234,567.5", 1_234_567.5),
    (ANY, "1234,567", 1234.567),
    (ANY, "三千", 3000),
    (ANY, "半", 0.5),
    (ANY, "16.", 16),
    (ANY, ",5", 0.5),
    *((SHARE, text, 16) for text in ("16", "16%", "16％", "１６ ％", "百分之十六", "16 percent")),
    *((SHARE, text, 20) for text in ("两成", "兩成", "2成", "二成")),
    *((SHARE, text, 0.3) for text in ("千分之三", "3‰", "0,3%", "万分之三十")),
    (SHARE, "一成五", 15),
    (SHARE, "两成半", 25),
    (SHARE, "半", 50),
    (SHARE, "2,55", 2.55),
    (SHARE, "1,234", 1.234),
    (MULTIPLE, "1,234", 1.234),
    *((MULTIPLE, text, 1.2) for text in ("1.2倍", "×1.2", "1.2×", "x1.2", "1,2 倍", "一点二倍")),
    *((MULTIPLE, text, 12.5) for text in ("12倍半", "十二倍半", "十二点五")),
    *((YUAN, text, 1000) for text in ("¥1,000", "￥1000", "1000元", "一千元", "RMB 1000")),
    (YUAN, "1,234", 1234),
    (YUAN, "2.4万元", 24_000),
    *((DAYS, text, 30) for text in ("30", "30天", "三十天", "30 days", "30日")),
    *((HEADS, text, 1000) for text in ("1000单", "1,000人", "一千个人")),
    (HEADS, "", None),
    (HEADS, "  ", None),
]
UNREAD = [
    *((ANY, text) for text in ("abc", "1 2", "12 34", "1,0000", "1-2", "10²", "½", "①", ".", "-")),
    *((ANY, text) for text in ("1,00,000", "1.2.3", "nan", "inf", "٣", "5%", "5元", "9" * 41, "")),
    *((SHARE, text) for text in ("1.2倍", "¥5", "5天")),
    *((MULTIPLE, text) for text in ("16%", "两成", "1.2元", "×1.2元")),
    *((YUAN, text) for text in ("30天", "5%", "1.2倍")),
    *((DAYS, text) for text in ("30元", "30%")),
]
BEYOND = [
    *((SHARE, text) for text in ("120", "-1", "百分之二百", "1,000,000")),
    *((DAYS, text) for text in ("0", "30.5", "30,5", "4001")),
    (YUAN, "-¥5"),
    (YUAN, "¥-5"),
]


@pytest.mark.parametrize(("box", "text", "value"), READ)
def test_read_alike(box: Allowed, text: str, value: float | None) -> None:
    found = typed.read(text, box)
    assert found == value
    assert isinstance(found, int) or not box.whole or value is None


@pytest.mark.parametrize(("box", "text"), UNREAD)
def test_not_read(box: Allowed, text: str) -> None:
    with pytest.raises(TypedError) as error:
        typed.read(text, box)
    assert not error.value.readable


@pytest.mark.parametrize(("box", "text"), BEYOND)
def test_beyond_what_is_allowed(box: Allowed, text: str) -> None:
    with pytest.raises(TypedError) as error:
        typed.read(text, box)
    assert error.value.readable


@given(st.text(max_size=60) | st.text("0123456789.,，． 万千百十半成%倍-−¥e", max_size=44))
def test_no_text_raises_anything_else(text: str) -> None:
    for box in (ANY, SHARE, MULTIPLE, YUAN, DAYS, HEADS):
        try:
            found = typed.read(text, box)
        except TypedError:
            continue
        assert found is None or (math.isfinite(found) and box.holds(found))
        # What is shown is what is used.
        assert typed.read(typed.written(found), box._replace(empty=True)) == found


@given(st.integers(-(10**10), 10**10), st.integers(0, 8))
def test_a_box_reads_what_it_shows(digits: int, places: int) -> None:
    value = round(digits / 10**places, 8)
    assert typed.number(typed.written(value)) == value


@pytest.mark.parametrize("lang", LANGS)
@given(tenths=st.integers(-999_999, 999_999))
def test_what_the_project_writes_reads_back(lang: str, tenths: int) -> None:
    hundredths = tenths / 100
    whole = float(tenths)
    assert typed.number(written_as.percent(tenths / 10**6, lang), "share") == tenths / 10**4
    assert typed.number(written_as.yuan(whole, lang), "yuan") == whole
    assert typed.number(written_as.count(whole, lang), "count") == whole
    assert typed.number(written_as.factor(tenths / 10**4, lang)) == tenths / 10**4
    assert typed.number(written_as.multiple(hundredths / 100, lang), "multiple") == pytest.approx(
        hundredths / 100, rel=0.006
    )
    for short, unit in ((written_as.count_short, "count"), (written_as.yuan_short, "yuan")):
        found = typed.number(short(whole * 1000, lang), typed.known(unit))
        assert found == pytest.approx(whole * 1000, rel=0.006)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(16.0, "16"), (30.000000000000004, "30"), (2.55, "2.55"), (24000, "24,000"), (None, "")],
)
def test_no_needless_digits(value: float | None, shown: str) -> None:
    assert typed.written(value) == shown


@pytest.mark.parametrize("lang", LANGS)
def test_one_sentence_says_what_is_wrong_and_what_is_allowed(lang: str) -> None:
    w = words(lang)
    said = typed_said.refusal("X", SHARE, w, unread="abc")
    assert "abc" in said
    assert "100%" in said
    beyond = typed_said.refusal("X", SHARE, w)
    assert "100%" in beyond
    assert "abc" not in beyond
