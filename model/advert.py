"""Reading an advertisement: the numbers in it, and what each may mean.

Pure and deterministic: patterns over the text, no network, no memory. What comes back holds
numbers, units, places and words of our own list; never a piece of the text itself, so that no name
and no contact detail can come along. What a number means is offered and not decided: the words
around it only put the likely meanings first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from model.numerals import DIGITS, LARGE, TENS, chinese_number

#: Longer advertisements are read up to here.
MAX_TEXT = 5_000
#: More numbers than this are nobody's offer.
MAX_FINDS = 60
#: How far around a number a word may stand that says what it means, in characters.
REACH = 18

Unit = Literal["share", "multiple", "yuan", "ticks", "points", "count"]
Meaning = Literal[
    "share",
    "multiple",
    "fee",
    "rate",
    "gift",
    "price",
    "goods",
    "commission",
    "lock",
    "newcomers",
    "credit",
    "territory",
    "minimum",
]
#: What a number may mean, in the order of the questions.
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)


@dataclass(frozen=True)
class Find:
    """One number of the text.

    ``value`` is a fraction of one, a multiple, yuan, days, points or heads, by ``unit``. ``start``
    and ``end`` are its place in :func:`plain` of the text, ``line`` counts from 1. ``meanings`` are
    what it may mean, the likeliest first. ``near`` is the word of our list that stands next to it,
    or nothing.
    """

    value: float
    unit: Unit
    start: int
    end: int
    line: int
    meanings: tuple[Meaning, ...]
    near: str = ""


# -- The text ------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """The text as it is read: half-width, small letters, at most :data:`MAX_TEXT` characters."""
    whole = unicodedata.normalize("NFKC", text[:MAX_TEXT]).lower()
    # Small letters of a few capitals are not in this form: once more, so that it is final.
    return unicodedata.normalize("NFKC", whole)[:MAX_TEXT]


def too_long(text: str) -> bool:
    """Whether the end of the text is not read."""
    return len(text) > MAX_TEXT


#: What is no number of an offer: links, addresses, ids, telephone numbers, dates, names of firms.
_CONTACTS = (
    r"(?:https?://|www\.)[^\s，。；、]{1,300}",
    r"[a-z0-9_.+-]{1,64}@[a-z0-9.-]{1,120}",
    (
        r"(?:微信号?|薇信|威信|vx|wx|wechat|weixin|qq群?|群号|whatsapp|telegram|line)"
        r"(?: ?id| ?号码?)?\s{0,3}[:：]?\s{0,3}[a-z0-9_-]{4,32}"
    ),
    r"\+?\d{2,4}[- ]\d{3,4}[- ]\d{3,8}",
    r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)",
    r"(?<![\d.,])\d{3,4}-\d{6,8}(?!\d)",
    r"[\d零〇一二三四五六七八九]{4}年(?:[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}[日号號])?)?",
    r"[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}[日号號]",
    r"(?<!\d)(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)",
    r"(?<!\d)\d{1,2}:\d{2}(?!\d)",
    r"[\u4e00-\u9fff]{2,12}?(?:有限责任公司|有限責任公司|有限公司)",
)
_HIDE = re.compile("|".join(_CONTACTS))


def _masked(text: str) -> str:
    """The text with what is no number of an offer blotted out, every character in its place."""
    return _HIDE.sub(lambda match: "\x00" * len(match[0]), text)


# -- Numbers -------------------------------------------------------------------------------------

_ENGLISH = {"k": 1e3, "thousand": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9}

_CHINESE_NUMBER = f"[{''.join(DIGITS)}{''.join(TENS)}{''.join(LARGE)}点點半]{{1,16}}"
_ARABIC_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(?:\.\d{1,6})?"
    r"(?: ?[百千万萬亿億仟佰]{1,2}| ?(?:thousand|million|billion)\b|k\b)?"
)
_NUMBER = f"(?:(?<![\\d.]){_ARABIC_NUMBER}|{_CHINESE_NUMBER})"


def number(text: str) -> float | None:
    """A number in digits, Chinese numerals or both (``3``, ``1,000``, ``2.4万``, ``三千五百``).

    None if it is none.
    """
    text = text.strip()
    if not text or len(text) > 40:
        return None
    match = re.match(r"[\d,]+(?:\.\d+)?", text)
    if match is None:
        return chinese_number(text)
    try:
        value = float(match[0].replace(",", ""))
    except ValueError:
        return None
    for letter in text[match.end() :].strip().split() or [""]:
        if letter in _ENGLISH:
            value *= _ENGLISH[letter]
        else:
            for sign in letter:
                factor = TENS.get(sign) or LARGE.get(sign)
                if factor is None:
                    return None
                value *= factor
    return value


# -- Numbers with their unit ---------------------------------------------------------------------

_DAYS = {
    "天": 1, "日": 1, "day": 1, "days": 1, "周": 7, "週": 7, "星期": 7, "week": 7, "weeks": 7,
    "个月": 30, "個月": 30, "月": 30, "month": 30, "months": 30,
    "年": 365, "year": 365, "years": 365,
}  # fmt: skip
_DAY_WORDS = "|".join(sorted(_DAYS, key=len, reverse=True))
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("hundredths", f"百分之 ?({_NUMBER})"),
        ("thousandths", f"千分之 ?({_NUMBER})"),
        ("myriadths", f"万分之 ?({_NUMBER})|萬分之 ?({_NUMBER})"),
        ("hundredths", f"({_NUMBER}) ?(?:%|percent\\b|per cent\\b|个点|個點|个百分点)"),
        ("thousandths", f"({_NUMBER}) ?‰"),
        ("tenths", f"({_NUMBER})成(?!为|為|功|本|交|员|員|立|长|長|都|人)"),
        ("multiple", f"({_NUMBER}) ?(?:倍(半)?|times\\b|x(?![a-z0-9])|×|-?fold\\b)"),
        ("double", r"翻倍|翻番|翻一番|\bdoubled?\b|\btwice\b|\btwofold\b"),
        ("triple", r"\btripled?\b|\bthreefold\b"),
        ("half", r"一半|\bhalf of\b"),
        (
            "whole",
            (
                "全额返还?|全額返還?|全返|整单返还?|整單返還?|免单|免單|返本|"
                r"\bfull refund\b|\bwhole purchase back\b|\ball your money back\b"
            ),
        ),
        (
            "yuan",
            (
                f"[¥￥] ?({_NUMBER})|\\b(?:rmb|cny) ?({_NUMBER})|"
                f"({_NUMBER}) ?(?:元|块钱|块|塊錢|塊|圆|圓|人民币|人民幣|yuan\\b|rmb\\b|cny\\b)"
            ),
        ),
        ("points", f"({_NUMBER}) ?(?:个|個)?(?:积分|積分|points?\\b|credits?\\b)"),
        ("days", f"({_NUMBER}) ?-?({_DAY_WORDS})(半)?(?![a-z])"),
        (
            "heads",
            (
                f"({_NUMBER}) ?(?:个|個|名|位)?(?:新)?(?:人|单|單|people\\b|persons?\\b|"
                "friends?\\b|orders?\\b|buyers?\\b|recruits?\\b|newcomers?\\b)"
            ),
        ),
        # A sum without its unit: 消费3000送…
        (
            "bare",
            (
                "(?:消费|消費|投入|投资|投資|充值|下单|下單|报单|報單|花)(?:满|滿|了)? ?"
                f"({_NUMBER})(?![\\d.零〇一二两兩三四五六七八九十百千万萬亿億半%‰个個倍成折点點天日周週月年人单單名位])"
            ),
        ),
    )
)
_SCALE = {"hundredths": 100.0, "thousandths": 1000.0, "myriadths": 10_000.0, "tenths": 10.0}

# -- What a number may mean ----------------------------------------------------------------------

_LISTS: dict[Meaning, tuple[str, ...]] = {
    "share": (
        "奖金池|獎金池|资金池|資金池|盈利池|奖池|獎池|分红池|分紅池|入池|进池|進池|池子|池",
        "让利|讓利|营业额|營業額|流水|业绩|業績|拿出|投入|pool|set aside|of sales|turnover",
        "goes into",
    ),
    "multiple": (
        "出局|封顶|封頂|额度|額度|上限|返还|返還|返利|返现|返現|返|增值|升值|涨到|漲到|拿回",
        "得到|up to|capped|quota|worth|forced out|pays back|paid back|refund|back",
    ),
    "fee": (
        "手续费|手續費|服务费|服務費|管理费|管理費|提现扣|提現扣|扣除|提现|提現|扣|税|稅|fee",
        "withdraw|deduct|charge|kept back|tax",
    ),
    "rate": (
        "每天|每日|天天|日返|日息|日释放|日釋放|释放|釋放|日化|a day|per day|daily|every day",
        "each day|/day",
    ),
    "gift": (
        "赠送|贈送|送积分|送積分|等值积分|等值積分|转为积分|轉為積分|积分|積分|赠|贈|送",
        "credited|as points|in points|points|gift",
    ),
    "price": (
        "消费|消費|购买|購買|下单|下單|报单|報單|套餐|订单|訂單|单价|單價|售价|售價|价格|價格",
        "充值|入会|入會|投资|投資|花|买|買|spend|buy|pay|order|package|price|costs|purchase",
    ),
    "goods": (
        "市场价|市場價|市面|别处|別處|超市|成本|供货价|供貨價|elsewhere|supermarket|wholesale",
        "shop price",
    ),
    "commission": (
        "直推|间推|間推|推荐|推薦|推广|推廣|佣金|提成|分享|团队|團隊|级差|級差|平级|平級|拉新",
        "referral|refer|recruit|commission|downline|team|invite",
    ),
    "lock": (
        "锁定|鎖定|锁仓|鎖倉|冻结|凍結|等待|排队|排隊|周期|週期|之后|之後|以后|以後|后|後|内",
        "內|到账|到賬|到帳|lock|within|after|wait|in ",
    ),
    "newcomers": (
        "排队|排隊|出队|出隊|公排|推满|推滿|出局|出一|三出|介绍|介紹|邀请|邀請|拼团|拼團",
        "queue|in line|behind|follow|bring|invite",
    ),
    "credit": ("赠送|贈送|送|得|获得|獲得|credited|get|receive",),
    "territory": (
        "区代|區代|市代|省代|县代|縣代|代理|合伙人|合夥人|加盟|agent|agency|territory",
        "franchise",
    ),
    "minimum": ("起提|满|滿|最低提现|最低提現|门槛|門檻|minimum|at least",),
}
#: Words that speak for a meaning. Only these are ever shown beside a number.
WORDS: dict[Meaning, tuple[str, ...]] = {
    meaning: tuple(word for line in lines for word in line.split("|"))
    for meaning, lines in _LISTS.items()
}
#: What a number with this unit can mean at all, the likeliest first where no word says more.
POSSIBLE: dict[Unit, tuple[Meaning, ...]] = {
    "share": ("share", "fee", "rate", "gift", "commission", "multiple"),
    "multiple": ("multiple", "gift"),
    "yuan": ("price", "goods", "territory", "minimum", "multiple"),
    "ticks": ("lock",),
    "points": ("credit",),
    "count": ("newcomers",),
}
_BREAKS = re.compile(r"[。；;！!？?\n\r\x00]")
_HALF_BREAKS = frozenset("，,、：: ")


def read(text: str) -> tuple[Find, ...]:
    """The numbers of an advertisement in the order of the text; at most :data:`MAX_FINDS`."""
    whole = _masked(plain(text))
    taken = bytearray(len(whole))
    found: list[Find] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(whole):
            start, end = match.span(1) if name == "bare" else match.span()
            if any(taken[start:end]):
                continue
            sized = _value(name, match)
            if sized is None:
                continue
            taken[start:end] = b"\x01" * (end - start)
            value, unit = sized
            meanings, near = _meanings(whole, start, end, unit, value, name)
            line = whole.count("\n", 0, start) + 1
            found.append(Find(value, unit, start, end, line, meanings, near))
    found.sort(key=lambda find: find.start)
    return tuple(found[:MAX_FINDS])


def _value(name: str, match: re.Match[str]) -> tuple[float, Unit] | None:
    """The value and unit of a match, or None for what cannot be one."""
    if name == "double":
        return 2.0, "multiple"
    if name == "triple":
        return 3.0, "multiple"
    if name == "whole":
        return 1.0, "multiple"
    if name == "half":
        return 0.5, "share"
    given = [group for group in match.groups() if group]
    value = number(given[0]) if given else None
    if value is None or not 0 <= value < 1e12:
        return None
    if name in _SCALE:
        share = round(value / _SCALE[name], 10)
        return (share, "share") if share <= 100 else None
    if given[-1] == "半" and len(given) > 1:
        value += 0.5  # 两倍半, 一年半
    if name == "days":
        days = value * _DAYS[given[1]]
        return (days, "ticks") if 0 < days <= 36_500 else None
    if name == "multiple":
        return (value, "multiple") if 0 < value <= 10_000 else None
    if name == "heads":
        return (value, "count") if 1 <= value <= 1000 and value == int(value) else None
    return (value, "points") if name == "points" else (value, "yuan")


def _meanings(
    whole: str, start: int, end: int, unit: Unit, value: float, name: str
) -> tuple[tuple[Meaning, ...], str]:
    """What a number may mean, by the words of its sentence, and the nearest of those words."""
    possible = POSSIBLE[unit]
    if name == "whole":
        return possible, ""
    before, after = _around(whole, start, end)
    ranked: list[tuple[float, int, Meaning, str]] = []
    for order, meaning in enumerate(possible):
        nearest = min(
            (found for word in WORDS[meaning] for found in _distances(word, before, after)),
            default=None,
            key=lambda pair: (pair[0], -len(pair[1]), pair[1]),
        )
        if nearest is not None:
            # "Each day" says more than the verb beside it.
            bonus = 4.0 if meaning == "rate" else 0.0
            ranked.append((nearest[0] - bonus, order, meaning, nearest[1]))
    ranked.sort()
    first = [meaning for _, _, meaning, _ in ranked]
    if unit == "share" and value >= 1 and "multiple" in possible:
        # 120% of the price is a multiple and never a part of it.
        first = ["multiple", *(m for m in first if m not in {"multiple", "share", "fee"})]
        possible = ("multiple", "gift")
    rest = [meaning for meaning in possible if meaning not in first]
    near = ranked[0][3] if ranked else ""
    return tuple(dict.fromkeys((*first, *rest))), near


def _around(whole: str, start: int, end: int) -> tuple[str, str]:
    """The text of the same sentence before and after, as far as a word may stand."""
    before = whole[max(0, start - REACH) : start]
    after = whole[end : end + REACH]
    return _BREAKS.split(before)[-1], _BREAKS.split(after)[0]


def _distances(word: str, before: str, after: str) -> Iterator[tuple[float, str]]:
    """How far ``word`` is from the number on each side; a comma between counts like six letters."""
    at = before.rfind(word)
    if at >= 0:
        between = before[at + len(word) :]
        yield len(between) + 6.0 * sum(sign in _HALF_BREAKS - {" "} for sign in between), word
    at = after.find(word)
    if at >= 0:
        between = after[:at]
        # What is said after a number is a little less likely to be about it.
        yield len(between) + 0.5 + 6.0 * sum(s in _HALF_BREAKS - {" "} for s in between), word
