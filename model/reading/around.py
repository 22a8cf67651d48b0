"""What stands around a number: of what time and of what it is, and what makes it no term."""

from __future__ import annotations

import re

from model.reading import denials
from model.reading.base import Of, Per
from model.reading.skeleton import Skeleton

_PER: tuple[tuple[Per, str, str], ...] = (
    # Words in front of the number, words behind it.
    (
        "day",
        (
            "每个工作天|每工作日|每交易日|每天|每日|天天|日返|日息|日化|日释放|日收益|日收|"
            "日产|日分|日涨|日薪|日入|日赚|日结|一天|"
            "一日|按天|逐日|每晚|每个工作日|日利率|日领|daily|every day|each day|per day|a day"
        ),
        (
            "/ ?天|/ ?日|每天|每日|一天|一日|/ ?day|/ ?d\\b|a day|per day|each day|every day|"
            "daily|per 24 hours"
        ),
    ),
    (
        "week",
        "每周|每星期|周息|周返|周薪|一周|weekly|every week|each week|per week",
        "/ ?周|每周|一周|一星期|/ ?week|a week|per week|each week|every week|weekly",
    ),
    (
        "month",
        (
            "每月|每个月|月息|月入|月返|月薪|月赚|月化|月收益|月利率|月领|按月|一个月|monthly|"
            "every month|each month|per month"
        ),
        (
            "/ ?月|/ ?个月|每月|每个月|一个月|/ ?month|a month|per month|each month|every month|"
            "monthly"
        ),
    ),
    (
        "year",
        "每年|年终|年化|年息|年收益|一年|yearly|annual|annually|every year|each year|per year",
        (
            "/ ?年|每年|一年|/ ?year|a year|per year|each year|every year|yearly|per annum|p\\.a|"
            "apy|apr|annually"
        ),
    ),
    (
        "hour",
        "每小时|每个小时|时薪|hourly|every hour|each hour|per hour",
        "/ ?小时|每小时|一小时|/ ?hour|/ ?h\\b|an hour|per hour|hourly",
    ),
    (
        "round",
        "每轮|每一轮|每期|每代|each round|every round|per round",
        "/ ?轮|每轮|per round|each round|a round",
    ),
    (
        "order",
        (
            "每单|每笔|每件|每一单|每订单|每成交一单|each order|every order|per order|per sale|"
            "each sale|every sale"
        ),
        (
            "/ ?单|/ ?笔|/ ?件|每单|一单|每笔|per order|per sale|an order|each order|per box|"
            "per transaction"
        ),
    ),
    (
        "person",
        (
            "每人|每位|人均|推荐一人|邀请一人|介绍一人|拉一人|推一人|推一个|拉一个|每推荐|每邀请|"
            "每拉|per friend|each friend|per person|each recruit|per recruit|each referral|"
            "per referral|every friend"
        ),
        (
            "/ ?人|/ ?位|每人|一人|each(?! other)|per friend|per person|per recruit|each friend|"
            "per referral|a head|a friend|each recruit|for each friend|for every friend"
        ),
    ),
    ("once", "一次性|once|one-off", "一次性|once|one-off"),
)
_BEFORE = [(per, re.compile(before)) for per, before, _ in _PER]
_AFTER = [
    (
        per,
        re.compile(
            rf"的?[^\x00-\x7f]{{0,6}}?(?:{after})|[a-z' ]{{0,40}}? (?:every|each|per|a) {per}\b"
        ),
    )
    for per, _, after in _PER
]
_AT_ONCE = [(per, re.compile(f" ?(?:{after})")) for per, _, after in _PER]
_OF_WHAT: tuple[tuple[Of, str], ...] = (
    ("balance", "余额|剩余|存量|持有量|持仓|balance|remaining|what is left"),
    ("pool", "奖金池的|池子的|资金池的|池内的?|奖池的|池的|of the pool|of what is in the pool"),
    (
        "concession",
        (
            "让利(?:额|金额|部分)?的|让利额|of the concession|of that|of the contribution|"
            "of this amount|of what the merchant|of what the shop gives up"
        ),
    ),
    (
        "turnover",
        (
            "营业额|成交额|成交总额|利润|盈利|业绩|流水|销售额|交易额|营收|营业收入|turnover|"
            "sales|revenue"
        ),
    ),
    ("sum", "提现金额|提现额|到账金额|of the sum|of the amount withdrawn|of each withdrawal"),
    (
        "price",
        (
            "订单金额|消费额|消费金额|订单额|售价的|价格的|单价的|订单的|每单|货款|of the price|"
            "of the order|of every order|of each order|of the purchase|order value"
        ),
    ),
)
_OF = tuple((what, re.compile(pattern)) for what, pattern in _OF_WHAT)


_NEXT = re.compile(r"[^A-Z\x00-\x7f]{0,4}[SYP]")
_AFTER_NUMBER = re.compile(r"[SYMP] ?/? ?$")


def per(found: Skeleton, place: int) -> tuple[Per | None, str]:
    """Of what time, order or head the number at ``place`` is, and the word that says so."""
    start, end = found.clause(place)
    behind = found.text[place + 1 : end]
    for kind, pattern in _AT_ONCE:
        match = pattern.match(behind)
        if match and not _NEXT.match(behind, match.end()):
            return kind, match[0].strip(" /")
    before = found.text[start:place]
    last: tuple[int, Per, str] | None = None
    for kind, pattern in _BEFORE:
        for match in pattern.finditer(before):
            taken = _AFTER_NUMBER.search(before, 0, match.start()) is not None
            if taken and match[0][0] not in "每天日月周年" and match.end() < len(before):
                continue  # "1% a day until 240%": it belongs to the first
            if last is None or match.end() > last[0]:
                last = (match.end(), kind, match[0])
    if last is not None and place - start - last[0] <= 24:
        return last[1], last[2]
    for kind, pattern in _AFTER:
        match = pattern.match(behind)
        if match and behind[:1] in {" ", "的"}:
            return kind, ""
    return None, ""


def of(found: Skeleton, place: int) -> Of | None:
    """Of what a share is, if its clause says so."""
    start, end = found.clause(place)
    before = found.text[start:place]
    after = re.split("[A-Z]", found.text[place + 1 : end])[0][:24]
    for kind, pattern in _OF:
        if pattern.search(re.split("[A-Z]", before)[-1]) or pattern.search(after):
            return kind
    return None


def _alternatives(listed: tuple[str, ...]) -> str:
    ordered = sorted(listed, key=len, reverse=True)
    return "|".join(
        (r"(?<![a-z])" if word[0].isascii() else "")
        + re.escape(word)
        + (r"(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else "")
        for word in ordered
    )


_NOT = re.compile(f"(?P<bound>{_alternatives(denials.BOUND)})|(?:{_alternatives(denials.NOT)})")
_PAST = re.compile(_alternatives(denials.PAST))
_PAST_AFTER = re.compile(_alternatives(denials.PAST_AFTER))
_EXAMPLE = re.compile(_alternatives(denials.EXAMPLE) + "|(?<!比)例:")
_CASE = re.compile(_alternatives(denials.CASE))
_RISES = re.compile(_alternatives(denials.RISES))
#: How far a negation, and a word of the past, may stand from its number.
_NEAR, _FAR = 9, 12


def no_term(found: Skeleton, place: int) -> bool:
    """Whether the number is negated, past, boasted, in an example or a result."""
    start, end = found.clause(place)
    mine = re.split("[A-SU-Z:]", found.text[start:place])[-1]
    negations = [match for match in _NOT.finditer(mine) if not match["bound"]]
    if negations and _reach(mine[negations[-1].end() :]) <= _NEAR:
        return True
    past = list(_PAST.finditer(mine))
    if past and _reach(mine[past[-1].end() :]) <= _FAR:
        return True
    behind = re.split("[A-Z]", found.text[place + 1 : end])[0]
    later = _PAST_AFTER.search(behind)
    told = later is not None and _reach(behind[: later.start()]) <= _FAR
    return told or _result(found, place) or _told(found, place)


def _reach(text: str) -> float:
    """How long a piece of text is, a word in letters counting as two signs."""
    return len(re.sub(r"[\x00-\x7f]", "", text)) + 2 * len(re.findall(r"[a-z]+", text))


def _result(found: Skeleton, place: int) -> bool:
    """Whether it stands behind an equals sign that follows another number: a x b = c."""
    start, _ = found.sentence(place)
    before = found.text[start:place].rpartition("=")
    between = re.split(r"[A-Z]", before[2])
    worked = re.search(r"[A-Z].{0,6}(?:[×*x+÷-]|[A-Z]).{0,6}$", before[0][-16:])
    return bool(before[1]) and len(between) == 1 and worked is not None


def _told(found: Skeleton, place: int) -> bool:
    """Whether its sentence tells of an example before it, or of a case in court."""
    start, end = found.sentence(place)
    if _EXAMPLE.search(found.text, start, place) or _CASE.search(found.text, start, end):
        return True
    above = found.text[:start].rstrip("\n")
    line = above[above.rfind("\n") + 1 :][-40:]
    joined = "\n\n" not in found.text[max(0, start - 2) : start]
    return joined and line.endswith(":") and bool(_EXAMPLE.search(line))


def says_rises(text: str) -> bool:
    """Whether the text claims that a price can only rise, and does not deny it."""
    return any(
        not _NOT.search(text[max(0, match.start() - 6) : match.start()])
        for match in _RISES.finditer(text)
    )
