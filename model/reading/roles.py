"""What each number is: phrases first, then the words around it, then the list it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from model.reading import around, words
from model.reading.base import Of, Per, Role
from model.reading.frames import FRAMES, WEAK
from model.reading.scan import Quantity
from model.reading.search import places
from model.reading.skeleton import Skeleton

#: Below this a number has no role.
LEAST = 0.44
#: What a phrase, a heading over or before the line, and a heading of a column weigh.
PHRASE, WEAKER, HEADING, LABEL, COLUMN = 2.0, 0.8, 0.5, 0.75, 1.0
_WIDE = re.compile(r"[^\x00-\x7f]|[a-z']+|[A-Z]|[,()|\t]")
_PAIRS = frozenset({"back", "given"})


_LATER = re.compile(r"\b(?:later|more|new|further|next)\b|新人")


@dataclass
class Said:
    """What is said of one number."""

    role: Role | None = None
    reason: str = ""
    score: float = 0.0
    per: Per | None = None
    of: Of | None = None
    blocked: bool = False
    #: Whether a verb of giving stands right before it: then it is no price.
    given: bool = False
    #: Whether 其中 stands before it: a part of the number before.
    part: bool = False
    #: What another number is the price of: the 100 points of 100 points = 1 yuan.
    base: bool = False
    #: The place of the number that it is worked out with, and as what: 满500返500.
    pair: tuple[int, Role] | None = None
    scores: dict[Role, tuple[float, str]] = field(default_factory=dict)

    def give(self, role: Role, score: float, reason: str) -> None:
        """Another word for a role: the best counts, a second a little."""
        before, word = self.scores.get(role, (0.0, ""))
        best = max((before, word), (score, reason))
        self.scores[role] = (best[0] + 0.2 * min(before, score), best[1])


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    cues: tuple[words.Cue, ...]


def said(found: Skeleton, numbers: list[Quantity], families: frozenset[str]) -> list[Said]:
    """Role, reason and surroundings of every number, in their order.

    ``families``: the kinds of offer that words of the text speak for.
    """
    all_said = [Said() for _ in numbers]
    for index, (one, place) in enumerate(zip(all_said, found.at, strict=True)):
        one.per, word = around.per(found, place)
        one.of = around.of(found, place)
        one.blocked = around.no_term(found, place)
        if found.text[place] == "Y" and one.per in {"order", "person"}:
            if words.RECRUITING & families and "lottery" not in families:
                one.give("recruit_sum", 0.5, "奖")
        one.given = bool(_GIVES_YOU.search(found.text, max(0, place - 16), place)) or bool(_INCOME.search(found.text, max(0, place - 2), place))
        one.part = found.text.endswith(("其中", "其中的", "of which "), 0, place)
        if found.text[place] == "S" and one.of == "concession":
            one.give("gift", 0.7, "让利额")
        if found.text[place] == "Y" and one.per == "order" and "ads" in families:
            one.give("pay", 0.5, "任务")
        if word.endswith(("薪", "入")) and found.text[place] == "S":
            one.per = None
        if found.text[place] == "S" and one.of == "turnover":
            one.give("share", 0.6, "营业额")
        elif found.text[place] == "S" and one.per in {"day", "week", "month", "hour"}:
            one.give("rate", 0.8, word)
        if found.text[place] == "S" and one.per == "year":
            one.give("rate", 0.5, word)
        start, end = found.sentence(place)
        if found.text[place] == "Y" and one.per in {"day", "week", "month", "hour"}:
            if _EARNED.search(found.text, start, end) or families & {"ads", "daily"}:
                one.give("pay", 0.5, word)
        if found.text[place] == "S" and "agents first" in families:
            one.give("territory", 0.46, "代理")
        if found.text[place] == "M" and not numbers[index].spelt:
            one.give("multiple", 0.46, "倍")
        if found.text[place] == "H" and _LATER.search(numbers[index].noun):
            one.give("newcomers", 0.8, "newcomers")
        if found.text[place] == "G" and numbers[index].value > 2 - (
            not numbers[index].spelt
        ):
            one.give("levels", 0.5, "代")
    for i in range(1, len(all_said)):
        gap = found.text[found.at[i - 1] + 1 : found.at[i]]
        same = found.text[found.at[i - 1]] == found.text[found.at[i]]
        if all_said[i - 1].blocked and same and _SEPARATOR.fullmatch(gap):
            all_said[i].blocked = True
    cues = _cues(found.text)
    _by_cues(found, all_said, cues)
    _by_headings(found, all_said, cues)
    _by_phrases(found, all_said)
    for i, one in enumerate(all_said):
        _decide(one, numbers[i], found.text[found.at[i]], families)
    _inherit(found, numbers, all_said)
    _second_of_levels(found, numbers, all_said)
    return all_said


def _cues(text: str) -> list[_Found]:
    """Every cue of the text, none inside a longer word of the tables."""
    by_word: dict[str, list[words.Cue]] = {}
    for cue in words.CUES:
        by_word.setdefault(cue.word, []).append(cue)
    spans = [
        _Found(at, at + len(word), tuple(by_word.get(word, ())))
        for word in {*by_word, *words.NEUTRAL}
        for at in places(text, word)
    ]
    spans.sort(key=lambda one: (one.start, -one.end))
    kept: list[_Found] = []
    furthest = 0
    for one in spans:
        if one.end > furthest:
            kept.append(one)
            furthest = one.end
    return [one for one in kept if one.cues]


def _cost(text: str, *, comma: float) -> float:
    """How far words are apart: signs and words between them, more over commas and numbers."""
    cost = 0.0
    for piece in _WIDE.findall(text):
        if piece in ",\ue000、()\t。":
            cost += comma
        elif piece == "|":
            cost += 1.0
        elif piece.isupper():
            cost += 5.0
        else:
            cost += 1.0 if len(piece) > 1 or piece.isascii() else 0.9
    return cost


def _by_cues(found: Skeleton, all_said: list[Said], cues: list[_Found]) -> None:
    for one, place in zip(all_said, found.at, strict=True):
        start, end = found.sentence(place)
        sign = found.text[place]
        for cue in cues:
            if cue.end <= start or cue.start >= end or abs(cue.start - place) > 60:
                continue
            behind = cue.start > place
            between = found.text[place + 1 : cue.start] if behind else found.text[cue.end : place]
            for one_cue in cue.cues:
                if one_cue.role == "price" and not behind and _INCOME.search(between):
                    continue
                comma = 10.0 if behind else _COMMA.get(one_cue.role, 4.0)
                heads = between.count("H") if one_cue.role in _RECRUITING else 0
                near = 1 / (1 + (_cost(between, comma=comma) - 3.5 * heads) / 4)
                weight = one_cue.after if behind else one_cue.before
                if sign in one_cue.units and _allowed(one_cue, one, sign):
                    one.give(one_cue.role, weight * near, one_cue.word)


#: What somebody brings is often said a clause before what one gets for it.
_RECRUITING = frozenset({"commission", "recruit_sum"})
#: What lies between says that it is money that comes back, and no price.
_INCOME = re.compile(
    r"[返回得奖送赠领赚退补]|让利|让出|拿出|提取|抽|分红|收益|back|earn|receive|refund|you get|bonus|reward"
)
_GIVES_YOU = re.compile(r"\b(?:received?|earns?|gets?|pays? you|back)[a-z ]{0,6} $")
_COMMA: dict[Role, float] = {
    "commission": 1.5, "recruit_sum": 1.5, "list_price": 14.0, "goods": 14.0, "deposit": 8.0,
    "fee_sum": 8.0, "price": 6.0,
}  # fmt: skip

#: Offers that pay back a part; elsewhere only a refund is one.
_IN_PART = frozenset({"queue", "push_three", "shared", "chain", "lottery"})
_REFUND = frozenset("退还 退回 退 refund refunded 赎回 返还".split())

_EARNED = re.compile(r"[赚领得返分入薪派产]|工资|收益|收入|补贴|earn|get|pays|receive|make|paid|salary|wage")
#: Words for money that comes back, with which a share of one is a refund.
_BACK = frozenset(
    "返还 返现 返利 返 退还 退回 退 返回 refund refunded back 赎回 出局 回 拿回 得到".split()
)


_CAPS = frozenset("上限 封顶 最高 最多 不超过 max".split()) | {"up to"}
#: Prices that are paid by the month.
_SUBSCRIBED = frozenset("membership 会费 年费 租金 月租 房租 学费 plan 套餐".split())


def _allowed(cue: words.Cue, one: Said, sign: str) -> bool:
    """Whether a word may speak for its role here."""
    if cue.role in {"multiple", "gift"} and sign == "S":
        return one.per is None or one.per in {"once", "order", "person"}
    if cue.role == "rate" and cue.before < 1.0:
        return one.per in {"day", "week", "month", "year", "hour"}
    if cue.role == "daily_cap" and cue.word in _CAPS:
        return one.per in {"day", "week", "month"}
    if cue.role == "pay" and cue.before < 1.0:
        return one.per is not None
    if cue.role == "price":
        return one.per not in {"day", "week", "month", "hour"} or cue.word in _SUBSCRIBED
    return True


#: A heading names the offer more often than what its numbers are.
_NOT_BY_HEADINGS = frozenset(
    "pay platform_fee gain markup multiple term consolation group rounds cashback newcomers goods".split()
)


def _by_headings(found: Skeleton, all_said: list[Said], cues: list[_Found]) -> None:
    """Words of the heading over a line, before its colon, or over a column."""
    heading: tuple[int, int] | None = None
    columns: list[tuple[int, int]] = []
    start = 0
    for line in found.text.split("\n"):
        end = start + len(line)
        mine = [i for i, place in enumerate(found.at) if start <= place < end]
        plain = line.strip(" -*•·:【】[]#=")
        label = line.find(":")
        cells = _cells(line, start)
        if not mine and len(cells) > 1:
            columns = cells if not set(line) <= set("|-: ") else columns
        elif not mine and plain:
            heading = (start, end) if _short(plain) or line.rstrip().endswith(":") else None
            columns = []
        elif not mine:
            heading, columns = None, []
        for i in mine:
            place = found.at[i]
            spans = [(heading, HEADING)] if heading else []
            if 0 < label < place - start and _short(line[:label]):
                spans.append(((start, start + label), LABEL))
            k = next((k for k, cell in enumerate(cells) if cell[0] <= place < cell[1]), 0)
            if len(cells) > 1 and k < len(columns):
                spans.append((columns[k], COLUMN))
            for span, weight in spans:
                _from_heading(found, all_said[i], place, cues, span, weight)
        start = end + 1


def _short(text: str) -> bool:
    """Whether it is short enough for a heading: sixteen signs, or six words in letters."""
    return len(re.sub(r"[\x00-\x7f]", "", text)) + 2.5 * len(re.findall("[a-z]+", text)) <= 16


def _cells(line: str, start: int) -> list[tuple[int, int]]:
    cells = []
    for match in re.finditer(r"[^|\t]+", line):
        cells.append((start + match.start(), start + match.end()))
    return cells


def _from_heading(
    found: Skeleton, one: Said, place: int, cues: list[_Found], span: tuple[int, int], weight: float
) -> None:
    sign = found.text[place]
    for cue in cues:
        if span[0] <= cue.start and cue.end <= span[1]:
            for one_cue in cue.cues:
                if one_cue.role in _NOT_BY_HEADINGS:
                    continue
                if sign in one_cue.units and _allowed(one_cue, one, sign):
                    one.give(
                        one_cue.role, weight * max(one_cue.before, one_cue.after), one_cue.word
                    )


def _by_phrases(found: Skeleton, all_said: list[Said]) -> None:
    index = {place: i for i, place in enumerate(found.at)}
    phrases = [(PHRASE, *one) for one in FRAMES] + [(WEAKER, *one) for one in WEAK]
    for weight, reason, pattern in phrases:
        for match in pattern.finditer(found.text):
            first = next((index[match.start(n)] for n in match.groupdict() if n == "price"), None)
            for name in match.groupdict():
                i = index.get(match.start(name))
                if i is None or match[name] is None:
                    continue
                name = name.rstrip("2")
                if name == "base":
                    all_said[i].base = True
                elif name == "part":
                    all_said[i].blocked = True
                elif name in _PAIRS:
                    if first is not None and all_said[i].per not in {"day", "week", "month"}:
                        all_said[i].pair = (first, "gift" if name == "given" else "multiple")
                else:
                    all_said[i].give(name, weight, reason)  # type: ignore[arg-type]


#: How large a number of a role can be at all.
_MOST: dict[Role, float] = {
    "fee": 0.6, "share": 1.0, "commission": 1.0, "rate": 1.0, "newcomers": 1000, "recruits": 200,
    "group": 1000, "winners": 500, "levels": 100, "rounds": 1000, "lock": 1100, "arrival": 60,
    "markup": 1.0, "gain": 1.0, "platform_fee": 0.6, "point_value": 100, "discount": 1e6, "multiple": 1000, "gift": 1000,
}  # fmt: skip


def _decide(one: Said, number: Quantity, sign: str, families: frozenset[str]) -> None:
    """The role with the highest score, if it is high enough and nothing forbids it."""
    if one.blocked and not any(role == "point_value" for role in one.scores):
        return
    if one.pair is not None or one.base:
        return  # it is what comes back: a multiple is worked out from it
    noun = {"out": "newcomers", "bring": "recruits", "group": "group", "winners": "winners", "t+": "arrival"}  # fmt: skip
    if number.noun == "winners" and "lottery" not in families:
        return
    if number.noun in noun:
        one.role, one.reason, one.score = noun[number.noun], "", PHRASE  # type: ignore[assignment]
        return
    if number.noun == "折":
        one.role, one.reason, one.score = "discount", "折", PHRASE
        return
    if number.high == 0:
        return
    if number.noun == "whole" and "lottery" in families:
        return
    if number.noun == "whole":
        one.role, one.reason, one.score = "multiple", "全额返还", PHRASE
        return
    possible = {
        role: given
        for role, given in one.scores.items()
        if number.high <= _MOST.get(role, 1e12)
        and not (role in words.ONLY_IN and not words.ONLY_IN[role] & families)
        and not ((role, given[1]) in words.ONLY_RECRUITING and not words.RECRUITING & families)
    }
    if sign == "S" and number.high < 1 and "multiple" in possible:
        back = _BACK if families & _IN_PART else _REFUND
        if possible["multiple"][1] not in back:
            del possible["multiple"]
    if sign == "S" and number.value >= 1:
        for role in ("fee", "share", "commission"):
            possible.pop(role, None)
    if one.given and possible.get("price", (PHRASE, ""))[0] < PHRASE:
        del possible["price"]
    if "point_value" in possible and number.high <= 20:
        for role in ("price", "minimum"):
            if role in possible:
                possible["point_value"] = max(possible["point_value"], possible.pop(role))
    if not possible:
        return
    if sign == "S" and number.high < 1 and "lottery" in families and "multiple" in possible:
        possible["consolation"] = max(
            possible.pop("multiple"), possible.get("consolation", (0, ""))
        )
    role, (score, reason) = max(possible.items(), key=lambda pair: pair[1][0])
    if one.part and score < 1.0:
        return
    if role == "price" and "agents first" in families and reason not in {"套餐", "产品"}:
        role = "territory"
    if role == "pay" and one.per in {"order", "person"} and words.RECRUITING & families:
        if "ads" not in families:
            role = "recruit_sum"
    if score >= LEAST:
        one.role, one.score, one.reason = role, score, reason


_SEPARATOR = re.compile(r"(?:[ 、,/|\ue000+和或及与;\n]|or|and|[v级档]|[A-Z](?=[A-Z ]))*")
#: With so much for another role of its own a number goes on with none.
_OWN = 0.3
_NEVER_INHERITED = frozenset({"list_price", "goods", "point_value", "arrival"})


def _inherit(found: Skeleton, numbers: list[Quantity], all_said: list[Said]) -> None:
    """A list goes on with the role of the one before; of the last, where only the last has one."""
    for i, one in enumerate(all_said):
        if found.text[found.at[i]] not in "SMYP":
            continue
        j = _same(found, i, range(i - 1, max(-1, i - 4), -1))
        if j is None or one.role or one.blocked or one.pair or all_said[j].role is None:
            continue
        gap = found.text[found.at[j] + 1 : found.at[i]]
        before = found.text[max(0, found.at[i] - 3) : found.at[i]]
        if one.part or (all_said[j].role == "price" and _INCOME.search(before)):
            continue
        own = max((score for score, _ in one.scores.values()), default=0.0)
        if own > _OWN and all_said[j].role not in one.scores:
            continue
        if all_said[j].role not in _NEVER_INHERITED and _parallel(gap):
            _copy(all_said[j], one, numbers[i])
    for i in range(len(all_said) - 2, -1, -1):
        one, after = all_said[i], all_said[i + 1]
        gap = found.text[found.at[i] + 1 : found.at[i + 1]]
        same = found.text[found.at[i]] == found.text[found.at[i + 1]]
        if same and one.role is None and not one.blocked and after.role is not None:
            if after.pair is None and one.pair is None and _SEPARATOR.fullmatch(gap):
                _copy(after, one, numbers[i])


def _second_of_levels(found: Skeleton, numbers: list[Quantity], all_said: list[Said]) -> None:
    """三级 behind 二级 is the third level, and not how many there are."""
    so_far = 1.0 if re.search("[一首][级代层度]", found.text) else 0.0
    for place, number, one in zip(found.at, numbers, all_said, strict=True):
        if found.text[place] == "G":
            if number.value == so_far + 1:
                one.role, one.reason = None, ""
            so_far = number.value if number.value == so_far + 1 else so_far


def _same(found: Skeleton, i: int, before: range) -> int | None:
    sign = found.text[found.at[i]]
    return next((j for j in before if found.text[found.at[j]] == sign), None)


def _parallel(gap: str) -> bool:
    """Whether what parts two numbers is no more than the next item of a list."""
    if re.search(r"[。;!?]|\n\n|\. ", gap) and not re.fullmatch(r"[;\n ]?[^。;!?\n]*", gap):
        return False
    said = re.sub(r"[ 、,/|\ue000:;\n]|[A-Z]", "", gap)
    latin = re.findall(r"[a-z]+", said)
    wide = re.sub(r"[\x00-\x7f]", "", said)
    return len(wide) <= 4 and len(latin) <= 4


def _copy(source: Said, target: Said, number: Quantity) -> None:
    if source.role is not None and number.high <= _MOST.get(source.role, 1e12):
        target.role, target.reason, target.score = source.role, source.reason, source.score * 0.8
        target.per = target.per or source.per
