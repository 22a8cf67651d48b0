"""Reading an advertisement: phrases as they are said, and whatever else somebody may paste."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.advert import (
    MAX_FINDS,
    MAX_TEXT,
    MEANINGS,
    POSSIBLE,
    WORDS,
    chinese_number,
    number,
    plain,
    read,
    too_long,
)

#: Phrases in our own words, and what stands in them: (unit, value, the likeliest meaning).
PHRASES: dict[str, list[tuple[str, float, str]]] = {
    # simplified
    "每消费1000元，16%进入资金池": [("yuan", 1000, "price"), ("share", 0.16, "share")],
    "商家让利百分之十六": [("share", 0.16, "share")],
    "送70%的积分": [("share", 0.7, "gift")],
    "提现扣20%手续费": [("share", 0.2, "fee")],
    "手续费从百分之十提到百分之二十": [("share", 0.1, "fee"), ("share", 0.2, "fee")],
    "积分涨到1.2倍就出局": [("multiple", 1.2, "multiple")],
    "三倍出局": [("multiple", 3, "multiple")],
    "两倍半封顶": [("multiple", 2.5, "multiple")],
    "一年半以后返还": [("ticks", 547.5, "lock")],
    "拿出一半进池": [("share", 0.5, "share")],
    "每天千分之五": [("share", 0.005, "rate")],
    "每日释放万分之五": [("share", 0.0005, "rate")],
    "每天返1.2%，返完为止": [("share", 0.012, "rate")],
    "日返千分之一点五": [("share", 0.0015, "rate")],
    "一千元的订单，十五天后返还": [("yuan", 1000, "price"), ("ticks", 15, "lock")],
    "锁定三十天": [("ticks", 30, "lock")],
    "冻结两个月": [("ticks", 60, "lock")],
    "满三周后到账": [("ticks", 21, "lock")],
    "全额返还": [("multiple", 1, "multiple")],
    "整单返还，还能再送": [("multiple", 1, "multiple")],
    "翻倍出局": [("multiple", 2, "multiple")],
    "直推佣金10%，间推5%": [("share", 0.1, "commission"), ("share", 0.05, "commission")],
    "三人出局": [("count", 3, "newcomers")],
    "邀请5个人拼团": [("count", 5, "newcomers")],
    "区代20万元，享业绩一个点": [("yuan", 200_000, "territory"), ("share", 0.01, "share")],
    "每卖一亿元，拿出三成分红": [("yuan", 1e8, "price"), ("share", 0.3, "share")],
    "消费3000送9000积分": [("yuan", 3000, "price"), ("points", 9000, "credit")],
    "报单三千五百，次日到账": [("yuan", 3500, "price")],
    "别处只卖398块": [("yuan", 398, "goods")],
    "最低提现1000元": [("yuan", 1000, "minimum")],
    "营业额的5‰进分红池": [("share", 0.005, "share")],
    "2.4万元的套餐": [("yuan", 24_000, "price")],
    "返还120%": [("share", 1.2, "multiple")],
    # traditional
    "商家讓利16%進入獎金池": [("share", 0.16, "share")],
    "提現手續費百分之八": [("share", 0.08, "fee")],
    "消費兩萬元，兩倍出局": [("yuan", 20_000, "price"), ("multiple", 2, "multiple")],
    "每天釋放千分之三": [("share", 0.003, "rate")],
    "鎖定九十天後返還": [("ticks", 90, "lock")],
    # full width
    "消费３０００元，１６％进池": [("yuan", 3000, "price"), ("share", 0.16, "share")],
    "每天返１．２％": [("share", 0.012, "rate")],
    "￥９９８的套餐": [("yuan", 998, "price")],
    # English
    "16% goes into the pool": [("share", 0.16, "share")],
    "paid out at 1.2% a day": [("share", 0.012, "rate")],
    "forced out at 2.5 times the price": [("multiple", 2.5, "multiple")],
    "a fee of 20 percent on withdrawal": [("share", 0.2, "fee")],
    "Spend 3,000 yuan and get 9,000 points": [("yuan", 3000, "price"), ("points", 9000, "credit")],
    "double your money": [("multiple", 2, "multiple")],
    "a full refund after 30 days": [("multiple", 1, "multiple"), ("ticks", 30, "lock")],
    "10% referral commission": [("share", 0.1, "commission")],
    "bring 3 friends": [("count", 3, "newcomers")],
}


@pytest.mark.parametrize("phrase", PHRASES)
def test_phrases(phrase: str) -> None:
    found = [(find.unit, find.value, find.meanings[0]) for find in read(phrase)]
    wanted = PHRASES[phrase]
    assert [(unit, meaning) for unit, _, meaning in found] == [(u, m) for u, _, m in wanted]
    for (_, value, _), (_, other, _) in zip(found, wanted, strict=True):
        assert value == pytest.approx(other, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十五", 15),
        ("三十", 30),
        ("一百零五", 105),
        ("一百二", 120),
        ("三千五百", 3500),
        ("三千五", 3500),
        ("两万五", 25_000),
        ("一万零五百", 10_500),
        ("二十四万", 240_000),
        ("三亿", 3e8),
        ("一点二", 1.2),
        ("二〇", 20),
        ("壹仟贰佰", 1200),
        ("兩萬", 20_000),
        ("十", 10),
        ("半", 0.5),
        ("一半", 0.5),
    ],
)
def test_chinese_numerals(text: str, value: float) -> None:
    assert chinese_number(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "点", "点五", "万", "百分", "一一十", "abc", "一点", "亿万", "三半"]
)
def test_what_is_no_numeral(text: str) -> None:
    assert chinese_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,000", 1000), ("2.4万", 24_000), ("3千", 3000), ("1.5 million", 1.5e6), ("16", 16)],
)
def test_numbers(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value)


PRIVATE = [
    "加微信号：ab12345678",
    "微信abcd1234",
    "QQ群 123456789",
    "电话13812345678",
    "电话138-1234-5678",
    "热线 400-123-4567",
    "座机0571-88886666",
    "见 https://example.com/100yuan?x=20%",
    "www.example.com/3倍",
    "mail 500yuan@example.com",
    "2024年3月15日开业",
    "二〇二四年五月",
    "3月15日上午9:30",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_contacts_and_dates_are_no_numbers_of_an_offer(text: str) -> None:
    assert read(text) == ()
    # Beside them a number of the offer is found.
    assert [find.value for find in read(f"{text}。每消费1000元，16%进池")] == [1000, 0.16]


def test_nothing_of_the_text_comes_back() -> None:
    """Only numbers, places and words of our own list."""
    text = "张三丰大酒店有限公司：加微信zhang333，每消费1000元，16%进池，李四担保三倍出局"
    ours = {word for words in WORDS.values() for word in words} | {""}
    found = read(text)
    assert [find.value for find in found] == [1000, 0.16, 3]
    for find in found:
        assert find.near in ours
        assert set(find.meanings) <= set(MEANINGS)


def test_what_is_ambiguous_is_offered() -> None:
    (find,) = read("20%")
    assert find.meanings == POSSIBLE["share"]
    assert find.near == ""
    (find,) = read("池子20%手续费")
    assert set(find.meanings) == set(POSSIBLE["share"])


def test_places_and_lines() -> None:
    text = "第一行没有\n每天千分之五\n\n三倍出局"
    first, second = read(text)
    assert (first.line, second.line) == (2, 4)
    assert plain(text)[first.start : first.end] == "千分之五"
    assert plain(text)[second.start : second.end] == "三倍"


def test_long_texts_are_read_up_to_the_limit() -> None:
    text = "无" * MAX_TEXT + "16%进池"
    assert too_long(text)
    assert read(text) == ()
    assert not too_long(text[:MAX_TEXT])
    assert len(read("1%。" * 5000)) == MAX_FINDS


PIECES = st.sampled_from(
    [
        *PHRASES, *PRIVATE, "百分之", "千分之", "%", "倍", "元", "万", "亿", "点", "十", "1",
        "9" * 30, "1,", ".", "\n", "。", " ", "İ", "ﷺ", "㍿", "\x00", "¥", "days", "each day",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join))


@given(TEXTS)
def test_whatever_is_pasted(text: str) -> None:
    whole = plain(text)
    found = read(text)
    assert len(whole) <= MAX_TEXT
    assert len(found) <= MAX_FINDS
    end = 0
    for find in found:
        # In order, apart, inside the text, and with something it may mean.
        assert end <= find.start < find.end <= len(whole)
        end = find.end
        assert 0 <= find.value < 1e13
        assert find.meanings
        assert 1 <= find.line <= whole.count("\n") + 1
        assert set(find.meanings) <= set(POSSIBLE[find.unit])


@given(TEXTS)
def test_full_and_half_width_read_the_same(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    if len(unicodedata.normalize("NFKC", text)) <= MAX_TEXT:
        assert plain(wide) == plain(text)
        assert read(wide) == read(text)
    assert plain(plain(text)) == plain(text)
    assert read(plain(text)) == read(text)
