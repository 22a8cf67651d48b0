"""What each number is: phrases first, then the words around it, then the list it stands in."""

from __future__ import annotations

import re

from model.reading import cues, words
from model.reading.base import Role
from model.reading.frames import FRAMES, WEAK
from model.reading.said import INCOME, SEPARATOR, Said, of_themselves
from model.reading.scan import Quantity
from model.reading.skeleton import Skeleton

#: Below this a number has no role.
LEAST = 0.44
#: What a phrase weighs, and one that says a little less.
PHRASE, WEAKER = 2.0, 0.8
#: Sums of a phrase from which something is worked out, and as what.
_PAIRS: dict[str, Role] = {"back": "multiple", "given": "gift"}
#: What a form of its own says, whatever the words around it do.
_BY_FORM: dict[str, tuple[Role, str]] = {
    "out": ("newcomers", "出"), "bring": ("recruits", "推"), "group": ("group", "团"),
    "winners": ("winners", "中"), "t+": ("arrival", "到账"), "折": ("discount", "折"),
    "whole": ("multiple", "全额返还"),
}  # fmt: skip
#: How large a number of a role can be at all.
_MOST: dict[Role, float] = {
    "fee": 0.6, "share": 1.0, "commission": 1.0, "rate": 1.0, "newcomers": 1000, "recruits": 200,
    "group": 1000, "winners": 500, "levels": 100, "rounds": 1000, "lock": 1100, "arrival": 60,
    "markup": 1.0, "gain": 1.0, "platform_fee": 0.6, "point_value": 100, "discount": 1e6,
    "multiple": 1000, "gift": 1000,
}  # fmt: skip
#: Offers that pay back a part; elsewhere only a refund is one.
_IN_PART = frozenset({"relay", "queue", "push_three", "shared", "chain", "lottery"})
_REFUND = frozenset(["退还", "退回", "退", "refund", "refunded", "赎回", "返还"])
_BACK = _REFUND | frozenset(["返现", "返利", "返", "返回", "back", "出局", "回", "拿回", "得到"])
#: From so much on the words of recruiting say whose a share is.
_BROUGHT = 0.6
#: One of these is none of them.
_MORE_THAN_ONE = frozenset({"price", "credit", "group", "newcomers", "recruits", "levels"})
#: Who deals is no territory, unless the offer is one of agencies.
_AGENTS = frozenset({"代理", "合伙人", "agent", "agents", "partner"})
_AT_MOST = frozenset({"up to", "最高", "最多"})
#: With so much for another role of its own a number does not go on with that of its list.
_OWN = 0.3
_NEVER_INHERITED = frozenset({"list_price", "goods", "point_value", "arrival"})

Scores = dict[Role, tuple[float, str]]


def said(found: Skeleton, numbers: list[Quantity], families: frozenset[str]) -> list[Said]:
    """Role, reason and surroundings of every number, in their order.

    ``families``: the kinds of offer that the text speaks for.
    """
    all_said = of_themselves(found, numbers, families)
    spoken = cues.cues(found.text)
    cues.by_words(found, all_said, spoken)
    cues.by_headings(found, all_said, spoken)
    _by_phrases(found, all_said)
    for one, number, place in zip(all_said, numbers, found.at, strict=True):
        _decide(one, number, found.text[place], families)
    _go_on(found, numbers, all_said)
    _come_before(found, numbers, all_said)
    _second_of_levels(found, numbers, all_said)
    return all_said


def _by_phrases(found: Skeleton, all_said: list[Said]) -> None:
    index = {place: i for i, place in enumerate(found.at)}
    phrases = [(PHRASE, *one) for one in FRAMES] + [(WEAKER, *one) for one in WEAK]
    for weight, reason, pattern in phrases:
        for match in pattern.finditer(found.text):
            for name, text in match.groupdict().items():
                if text is not None:
                    i = index[match.start(name)]
                    _by_phrase(all_said, i, name.rstrip("2"), index, match, weight, reason)


def _by_phrase(
    all_said: list[Said],
    i: int,
    name: str,
    index: dict[int, int],
    match: re.Match[str],
    weight: float,
    reason: str,
) -> None:
    """What a group of a phrase says: a role, or that the number only belongs to another."""
    one = all_said[i]
    if name == "base":
        one.base = True
    elif name == "part":
        one.blocked = True
    elif name in _PAIRS:
        if one.per not in {"day", "week", "month"}:
            one.pair = (index[match.start("price")], _PAIRS[name])
    else:
        one.give(name, weight, reason)  # type: ignore[arg-type]  # named after its role


def _decide(one: Said, number: Quantity, sign: str, families: frozenset[str]) -> None:
    """The role with the highest score, if it is high enough and nothing forbids it."""
    if (one.blocked and "point_value" not in one.scores) or one.pair or one.base:
        return
    if number.high == 0 or (number.noun == "winners" and "lottery" not in families):
        return
    if number.noun in _BY_FORM:
        if number.noun != "whole" or "lottery" not in families:
            (one.role, one.reason), one.score = _BY_FORM[number.noun], PHRASE
        return
    possible = _possible(one, number, families)
    _prefer(possible, one, number, sign, families)
    if not possible:
        return
    role, (score, reason) = max(possible.items(), key=lambda pair: pair[1][0])
    if score >= (1.0 if one.part else LEAST):
        one.role, one.score, one.reason = (
            _instead(role, reason, one, families, large=number.low >= 1000),
            score,
            reason,
        )


def _possible(one: Said, number: Quantity, families: frozenset[str]) -> Scores:
    """The roles that its size and the kind of offer allow."""
    return {
        role: given
        for role, given in one.scores.items()
        if number.high <= _MOST.get(role, 1e12)
        and (number.high > 1 or role not in _MORE_THAN_ONE)
        and (given[1] not in _AGENTS or role != "territory" or "agents first" in families)
        and (role not in words.ONLY_IN or words.ONLY_IN[role] & families)
        and ((role, given[1]) not in words.ONLY_RECRUITING or words.RECRUITING & families)
    }


def _prefer(
    possible: Scores, one: Said, number: Quantity, sign: str, families: frozenset[str]
) -> None:
    """Take away, or give to another, what cannot be meant here."""
    if sign == "S" and number.high < 1 and "multiple" in possible:
        if possible["multiple"][1] not in (_BACK if families & _IN_PART else _REFUND):
            del possible["multiple"]
        elif "lottery" in families:
            _move(possible, "multiple", "consolation")
    if sign == "S" and number.value >= 1:
        for role in ("fee", "share", "commission"):
            possible.pop(role, None)
    if one.part:
        possible.pop("multiple", None)
    _for_whom(possible, one)
    if "pay" in possible and possible.get("daily_cap", (0.0, ""))[1] in _AT_MOST:
        del possible["daily_cap"]
    if one.given and possible.get("price", (PHRASE, ""))[0] < PHRASE:
        del possible["price"]
    if "point_value" in possible and number.high <= 20:
        _move(possible, "price", "point_value")
        _move(possible, "minimum", "point_value")


def _for_whom(possible: Scores, one: Said) -> None:
    """Of what somebody brings, a share of turnover or of the concession is a commission."""
    brought, _ = possible.get("commission", (0.0, ""))
    if brought < _BROUGHT:
        return
    if "share" in possible and "池" not in possible["share"][1]:
        possible["share"] = (possible["share"][0] * 0.6, possible["share"][1])
    if "gift" in possible and one.of == "concession":
        possible["gift"] = (possible["gift"][0] * 0.5, possible["gift"][1])


def _move(possible: Scores, source: Role, target: Role) -> None:
    if source in possible:
        possible[target] = max(possible.pop(source), possible.get(target, (0.0, "")))


def _instead(role: Role, reason: str, one: Said, families: frozenset[str], *, large: bool) -> Role:
    """A price of an agency is its territory's, pay for each recruit is a sum for recruiting."""
    if role == "fee_sum" and "agents first" in families and large:
        return "territory"
    if role == "price" and "agents first" in families and reason not in {"套餐", "产品"}:
        return "territory"
    each = one.per in {"order", "person"} and bool(words.RECRUITING & families)
    return "recruit_sum" if role == "pay" and each and "ads" not in families else role


# -- Lists -----------------------------------------------------------------------------------------


def _go_on(found: Skeleton, numbers: list[Quantity], all_said: list[Said]) -> None:
    """A list goes on with the role of the number before."""
    for i, one in enumerate(all_said):
        j = _same(found, i)
        if j is None or one.role or one.blocked or one.pair or one.part:
            continue
        role, before = all_said[j].role, found.text[max(0, found.at[i] - 3) : found.at[i]]
        if role is None or role in _NEVER_INHERITED or (role == "price" and INCOME.search(before)):
            continue
        own = max((score for score, _ in one.scores.values()), default=0.0)
        if (own <= _OWN or role in one.scores) and _parallel(
            found.text[found.at[j] + 1 : found.at[i]]
        ):
            _copy(all_said[j], one, numbers[i])


def _come_before(found: Skeleton, numbers: list[Quantity], all_said: list[Said]) -> None:
    """What stands in a list before the only number with a role has that role too."""
    for i in range(len(all_said) - 2, -1, -1):
        one, after = all_said[i], all_said[i + 1]
        gap = found.text[found.at[i] + 1 : found.at[i + 1]]
        same = found.text[found.at[i]] == found.text[found.at[i + 1]]
        free = one.role is None and not one.blocked and not one.pair
        if same and free and not after.pair and SEPARATOR.fullmatch(gap):
            _copy(after, one, numbers[i])


def _second_of_levels(found: Skeleton, numbers: list[Quantity], all_said: list[Said]) -> None:
    """三级 behind 二级 is the third level, and not how many there are."""
    so_far = 1.0 if re.search("[一首][级代层度]", found.text) else 0.0
    for place, number, one in zip(found.at, numbers, all_said, strict=True):
        if (
            found.text.startswith(("以后", "之后", "开始", "起"), place + 1)
            and one.role == "levels"
        ):
            one.role, one.reason = None, ""
        if found.text[place] == "G" and number.value == so_far + 1:
            one.role, one.reason = None, ""
            so_far = number.value


def _same(found: Skeleton, i: int) -> int | None:
    """The nearest of the three numbers before that is of the same sort, if it can be in a list."""
    sign = found.text[found.at[i]]
    if sign not in "SMYP":
        return None
    before = range(i - 1, max(-1, i - 4), -1)
    return next((j for j in before if found.text[found.at[j]] == sign), None)


def _parallel(gap: str) -> bool:
    """Whether what parts two numbers is no more than the next item of a list."""
    if re.search(r"[。;!?]|\n\n|\. ", gap) and not re.fullmatch(r"[;\n ]?[^。;!?\n]*", gap):
        return False
    wide = re.sub(r"[\x00-\x7fA-Z、\ue000]", "", gap)
    return len(wide) <= 4 and len(re.findall(r"[a-z]+", gap)) <= 4


def _copy(source: Said, target: Said, number: Quantity) -> None:
    if source.role is not None and number.high <= _MOST.get(source.role, 1e12):
        target.role, target.reason, target.score = source.role, source.reason, source.score * 0.8
        target.per = target.per or source.per
