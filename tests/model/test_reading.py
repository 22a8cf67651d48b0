"""What is read out of an advertisement: the rules one by one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.reading import FAMILIES, MAX_TEXT, ROLES, Number, Reading, families, read, words
from model.reading.base import MAX_NUMBERS
from model.reading.frames import FRAMES, WEAK
from model.reading.plain import COMMA, plain, simplified


def terms(text: str) -> list[tuple[Any, ...]]:
    """Value, unit and role of the numbers that have one."""
    return [(round(n.value, 9), n.unit, n.role) for n in read(text).numbers if n.role is not None]


def only(text: str) -> Number:
    (number,) = read(text).numbers
    return number


# -- The table of what the reader before this one failed at ----------------------------------------

TABLE: dict[str, list[tuple[Any, ...]]] = {
    "投资1 000元": [(1000, "money", "price")],
    "手续费2,5 %": [(0.025, "share", "fee")],
    "fee 2,5 %": [(0.025, "share", "fee")],
    "不收取20%手续费": [],
    "并非3倍，而是2倍出局": [(2, "multiple", "multiple")],
    "锁定一个半月": [(45, "days", "lock")],
    "每单几百元": [],
    "9块9包邮": [(9.9, "money", "price")],
    "下单电话88231177": [],
    "满500返500": [(500, "money", "price"), (1, "multiple", "multiple")],
    "充1000送3000": [(1000, "money", "price"), (3, "multiple", "gift")],
    "投1000回3000": [(1000, "money", "price"), (3, "multiple", "multiple")],
    "1:1赠送": [(1, "multiple", "gift")],
    "让利2折": [(0.2, "share", "discount")],
    "日息一分": [(0.01, "share", "rate")],
    "月息三分": [(0.03, "share", "rate")],
    "每周5%": [(0.05, "share", "rate")],
    "每月8%": [(0.08, "share", "rate")],
    "每小时0.1%": [(0.001, "share", "rate")],
    "1%/天": [(0.01, "share", "rate")],
    "一天1%": [(0.01, "share", "rate")],
    "48小时到账": [(2, "days", "arrival")],
    "次日到账": [(1, "days", "arrival")],
    "10代奖励，每代2%": [(10, "count", "levels"), (0.02, "share", "commission")],
    "第1人10%，第2人20%，第3人70%": [
        (0.1, "share", "commission"),
        (0.2, "share", "commission"),
        (0.7, "share", "commission"),
    ],
    "三档套餐：500 2000 6000元": [
        (500, "money", "price"),
        (2000, "money", "price"),
        (6000, "money", "price"),
    ],
    "线下消费三千元加入，由某某有限公司发货": [(3000, "money", "price")],
    "市场价599，现价499": [(599, "money", "list_price"), (499, "money", "price")],
    "按余额每天万分之五释放": [(0.0005, "share", "rate")],
    "每推荐一人奖100元，团队每单200元": [
        (100, "money", "recruit_sum"),
        (200, "money", "recruit_sum"),
    ],
    "二十人一团，一人中奖，其余退款另得1%": [
        (20, "count", "group"),
        (1, "count", "winners"),
        (0.01, "share", "consolation"),
    ],
    "隔天加价4%转卖，本人得1.5%，平台收2.5%": [
        (0.04, "share", "markup"),
        (0.015, "share", "gain"),
        (0.025, "share", "platform_fee"),
    ],
    "每轮涨30%，第四轮成功后退出": [(0.3, "share", "markup"), (4, "ordinal", "rounds")],
    "1–5% 现金返还，当场到账": [(0.01, "share", "cashback")],
    "25年11月上线": [],
    "7月底": [],
    "成立10周年": [],
}


@pytest.mark.parametrize("text", TABLE)
def test_what_failed_before(text: str) -> None:
    assert terms(text) == TABLE[text]


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("港币500元", 500, "HKD"),
        ("新台幣200元", 200, "TWD"),
        ("$299", 299, "USD"),
        ("50 USDT", 50, "USDT"),
        ("HK$1,200", 1200, "HKD"),
        ("300美金", 300, "USD"),
        ("€5,000", 5000, "EUR"),
        ("1000元", 1000, "CNY"),
        ("¥15w", 150_000, "CNY"),
    ],
)
def test_other_money_is_not_yuan(text: str, value: float, currency: str) -> None:
    number = only(text)
    assert (number.value, number.unit, number.currency) == (value, "money", currency)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("万5", 0.0005, "share"),
        ("千分之三", 0.003, "share"),
        ("1/3", 1 / 3, "share"),
        ("三分之一", 1 / 3, "share"),
        ("半价", 0.5, "share"),
        ("翻一番", 2, "multiple"),
        ("两倍半", 2.5, "multiple"),
        ("三成", 0.3, "share"),
        ("8.5折", 0.85, "share"),
        ("85折", 0.85, "share"),
        ("15w", 150_000, "money"),
        ("2.4万元", 24_000, "money"),
        ("1万5千元", 15_000, "money"),
        ("五毛", 0.5, "money"),
        ("半年", 180, "days"),
        ("两年半", 912.5, "days"),
        ("2个季度", 180, "days"),
        ("三千五百元", 3500, "money"),
        ("2.55%", 0.0255, "share"),
        ("百分之十五", 0.15, "share"),
        ("5‰", 0.005, "share"),
        ("12个点", 0.12, "share"),
        ("2.5 times", 2.5, "multiple"),
        ("three months", 90, "days"),
        ("１６％", 0.16, "share"),
    ],
)
def test_values(text: str, value: float, unit: str) -> None:
    number = only(text)
    assert number.value == pytest.approx(value, rel=1e-12)
    assert number.unit == unit


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("3%-15%", 0.03, 0.15, "share"),
        ("3到15个点", 0.03, 0.15, "share"),
        ("2000-3000元", 2000, 3000, "money"),
        ("1–5%", 0.01, 0.05, "share"),
        ("5～7天", 5, 7, "days"),
        ("2-3万元", 20_000, 30_000, "money"),
        ("$100 - $499", 100, 499, "money"),
        ("between 5% and 20%", 0.05, 0.2, "share"),
    ],
)
def test_ranges_keep_both_ends(text: str, low: float, high: float, unit: str) -> None:
    number = only(text)
    assert (number.low, number.high, number.unit) == (low, high, unit)
    assert number.value == low


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("每周5%", "week"),
        ("每月8%", "month"),
        ("每小时0.1%", "hour"),
        ("1%/天", "day"),
        ("年化12%", "year"),
        ("推荐奖100元/人", "person"),
        ("5% a week", "week"),
        ("1.2% is released every day", "day"),
    ],
)
def test_per(text: str, per: str) -> None:
    assert only(text).per == per


def test_of() -> None:
    assert only("按余额每天万分之五释放").of == "balance"
    assert only("拿出营业额的5%").of == "turnover"
    assert only("让利额的70%送积分").of == "concession"


@pytest.mark.parametrize(
    "text",
    [
        "平台业绩增长300%",
        "法院判处有期徒刑5年",
        "not a 20% fee",
        "We do not charge a 20% handling fee",
        "没有5000元的门槛",
        "例如消费1000元",
        "比如：投2000元，返4000元",
        "for example, spend 1,000 yuan",
        "已有300家门店",
        "founded in 2016",
        "去年会员平均赚了2万元",
    ],
)
def test_negated_past_exampled_boasted(text: str) -> None:
    assert terms(text) == []


def test_a_ratio_is_no_example() -> None:
    assert terms("让利比例：16%进奖金池") == [(0.16, "share", "share")]


def test_a_result_is_no_term() -> None:
    numbers = read("单价1000元×3=3000元").numbers
    assert [n.role for n in numbers if n.value == 3000] == [None]


def test_no_reason_no_role() -> None:
    for text in ("20%", "500元", "15天", "3%-15%", "900积分", "港币500元"):
        assert [number.role for number in read(text).numbers] == [None]


def test_a_claimed_list_price_is_never_what_goods_cost_elsewhere() -> None:
    for word in ("市场价", "原价", "价值", "零售价", "专柜价"):
        (number,) = read(f"{word}599元").numbers
        assert number.role == "list_price"
    assert only("超市只要89元").role == "goods"
    assert only("sold elsewhere at 40 yuan").role == "goods"
    assert [cue.word for cue in words.CUES if cue.role == "goods" and "市场价" in cue.word] == []


def test_what_is_worked_out_says_from_what() -> None:
    reading = read("报单3000元，送9000积分")
    price, credit, gift = reading.numbers
    assert (gift.value, gift.unit, gift.role, gift.worked_out) == (3, "multiple", "gift", (0, 1))
    assert price.worked_out == credit.worked_out == ()
    part = read("1,200 yuan of 2,000 yuan goes into the pool").numbers[-1]
    assert (part.value, part.role, part.worked_out) == (0.6, "share", (0, 1))
    each = read("每2000元拿出20元").numbers[-1]
    assert (each.value, each.role, each.worked_out) == (0.01, "share", (0, 1))
    rate = read("500天返500%，每天到账").numbers[-1]
    assert (rate.value, rate.role, rate.per) == (pytest.approx(0.01), "rate", "day")
    mixed = read("充100美元送3000元")
    assert all(not number.worked_out for number in mixed.numbers)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("积分只涨不跌", True),
        ("積分只升不降", True),
        ("points never fall in value", True),
        ("不是只涨不跌", False),
        ("价格有涨有跌", False),
    ],
)
def test_says_rises(text: str, said: bool) -> None:
    assert read(text).says_rises is said


# -- What is shown nowhere -------------------------------------------------------------------------

PRIVATE = {
    "加微信号：ab12345678": "ab12345678",
    "微信abcd1234": "abcd1234",
    "QQ群 123456789": "123456789",
    "电话13812345678": "13812345678",
    "电话138-1234-5678": "138-1234-5678",
    "热线 400-123-4567": "400-123-4567",
    "座机0571-88886666": "88886666",
    "下单电话后面跟着 8823 1177": "8823 1177",
    "洽詢專線：(02) 2345-6789": "2345-6789",
    "见 https://example.com/100yuan?x=20%": "example",
    "www.example.com/3倍": "example",
    "mail 500yuan@example.com": "500yuan",
    "call +1 (555) 010-7788": "010-7788",
    "Telegram: cashview_help": "cashview",
    "由星河日用品有限公司承办": "星河日用品",
    "operated by Bright Star Trading Ltd": "bright star",
    "卡号 6222 0212 3456 7890 123": "6222",
    "邀请码：AB12CD": "ab12cd",
}


@pytest.mark.parametrize("text", PRIVATE)
def test_contacts_and_names_are_shown_nowhere(text: str) -> None:
    reading = read(text)
    assert PRIVATE[text] not in reading.text
    assert reading.numbers == ()
    assert len(reading.text) == len(plain(text))
    # Beside them the numbers of the offer are found.
    assert terms(f"{text}。每消费1000元，16%进池") == [
        (1000, "money", "price"),
        (0.16, "share", "share"),
    ]


def test_a_name_swallows_no_number() -> None:
    for text in ("线下消费三千元加入由某某有限公司发货", "消费3000元由某某有限公司发货"):
        assert terms(text) == [(3000, "money", "price")]


def test_reasons_are_words_of_our_own() -> None:
    text = "张三丰大酒店有限公司：加微信zhang333，每消费1000元，16%进池，李四担保三倍出局"
    ours = {cue.word for cue in words.CUES} | {reason for reason, _ in (*FRAMES, *WEAK)}
    reading = read(text)
    assert len(reading.numbers) == 3
    assert {number.reason for number in reading.numbers} <= ours
    for family in reading.families:
        assert set(family.reasons) <= families.WORDS


# -- Families --------------------------------------------------------------------------------------

KINDS = {
    "消费增值，积分只涨不跌，每单16%进奖金池": "points",
    "绿分每天释放千分之五，返完为止": "daily",
    "公排三出一，排队返现": "queue",
    "每个分红权每天分营业额的10%，额度用完出局": "dividends",
    "看广告赚钱，每条2元": "ads",
    "区县代理加盟费3万元，诚招城市合伙人": "agents",
    "直推10%，间推5%，团队级差": "commission",
    "隔天加价4%转卖，平台收2.5%": "relay",
    "链动2+1，走人留人": "chain",
    "推三返一": "push_three",
    "二十人一团，一人中奖": "lottery",
    "共享购，共享消费": "shared",
    "企业化债，债务清零": "debt_relief",
    "年化12%，保本保息": "investment",
    "集章满十送一，会员日8.8折": "cashback",
    "今天天气很好": "none",
}


@pytest.mark.parametrize("text", KINDS)
def test_kinds(text: str) -> None:
    assert read(text).families[0].name == KINDS[text]


def test_every_kind_is_tried_and_none_is_one_of_them() -> None:
    assert set(KINDS.values()) == set(FAMILIES)
    assert read("").families == read(" \n").families == ()
    for text in KINDS:
        names = [family.name for family in read(text).families]
        assert "none" in names
        assert len(set(names)) == len(names)
        scores = [family.score for family in read(text).families]
        assert scores == sorted(scores, reverse=True)


def test_a_shop_s_cash_back_has_no_pool() -> None:
    pool = {"share", "multiple", "gift", "fee", "rate", "credit"}
    for text in ("会员卡集章，返现5%，送2倍积分", "cash back card: 1.5% back on fuel, stamps"):
        assert not {number.role for number in read(text).numbers} & pool


# -- The text --------------------------------------------------------------------------------------


def test_traditional_characters_of_the_tables_are_known() -> None:
    """Whatever a word of ours looks like in traditional characters, it is found."""
    ours = {cue.word for cue in words.CUES} | families.WORDS
    for code in ("s2t", "s2tw", "s2hk"):
        convert = opencc.OpenCC(code).convert
        assert {word for word in ours if simplified(plain(convert(word))) != plain(word)} == set()


def test_traditional_reads_like_simplified() -> None:
    convert = opencc.OpenCC("s2tw").convert
    for text, wanted in TABLE.items():
        assert terms(convert(text)) == wanted


def test_places_and_lines() -> None:
    reading = read("上面没有\n每天千分之五\n\n三倍出局")
    first, second = reading.numbers
    assert (first.line, second.line) == (2, 4)
    assert reading.text[first.start : first.end] == "千分之五"
    assert reading.text[second.start : second.end] == "三倍"


def test_the_end_of_a_long_text_is_not_read() -> None:
    reading = read("无" * MAX_TEXT + "16%进池")
    assert reading.cut
    assert reading.numbers == ()
    assert not read("无" * MAX_TEXT).cut
    assert len(read("1%进池。" * 1000).numbers) == MAX_NUMBERS


# -- Whatever is pasted ----------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *TABLE, *PRIVATE, "百分之", "千分之", "%", "倍", "元", "万", "亿", "点", "十", "1", "分之",
        "9" * 30, "1,", ".", "\n", "。", " ", "İ", "ﷺ", "㍿", "\x00", "¥", "days", "each day", "，",
        COMMA, "S", "Y", "=", "|", "\t", "第", "满", "返", "有限公司", "@", "http://", "例如", ":",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join))


def check(reading: Reading) -> None:
    assert len(reading.text) <= MAX_TEXT
    assert len(reading.numbers) <= MAX_NUMBERS
    for i, number in enumerate(reading.numbers):
        assert 0 <= number.start < number.end <= len(reading.text)
        assert "\x00" not in reading.text[number.start : number.end]
        assert 0 <= number.low <= number.value <= number.high < 1e20
        assert 1 <= number.line <= reading.text.count("\n") + 1
        assert number.role is None or number.role in ROLES
        assert all(0 <= k < i for k in number.worked_out)
    stated = [number for number in reading.numbers if not number.worked_out]
    for first, second in pairwise(stated):
        assert first.end <= second.start


@settings(deadline=None)
@given(TEXTS)
def test_whatever_is_pasted(text: str) -> None:
    reading = read(text)
    check(reading)
    assert bool(reading.families) == bool(reading.text.strip())
    assert plain(plain(text)) == plain(text)


@settings(deadline=None)
@given(TEXTS)
def test_the_same_text_reads_the_same(text: str) -> None:
    assert read(text) == read(text)


LONG = [
    "1", "9", "一", "十", "万", "1,", "1.", "(", "[", "9块9",
    "%", "1%", "百分之", "a", "a@", "-", "+1", "1 ", "100 ", "1:",
    "满1返1", "推荐", "有限公司", "公司", "\n", " ", "\x00", "每天", "1元", "¥",
    "电话", "微信", "www.", "a.", "1-", "1/", "=", "1=1", "|", "1|",
    "ﷺ", "例如", "不", "three ", "and ", "1年", "第1", "分之", "半", "个",
]  # fmt: skip


@pytest.mark.part(3)
@pytest.mark.parametrize("piece", LONG)
def test_long_texts_of_one_piece_cost_little(piece: str) -> None:
    """By steps and not by the clock: see the count of what the interpreter has been through."""
    text = (piece * MAX_TEXT)[:MAX_TEXT]
    check(read(text))
    assert steps(text) < 3_000_000


def steps(text: str) -> int:
    """Lines that Python runs while it reads the text."""
    import sys

    count = 0

    def trace(_frame: Any, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(text)
    finally:
        sys.settrace(before)
    return count
