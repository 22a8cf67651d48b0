"""What is worked out from two numbers of the text, each marked with those it comes from."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from model.reading.base import MAX_NUMBERS, Number, Role, Unit
from model.reading.said import Said
from model.reading.skeleton import Skeleton

#: 1,200 of 2,000; 20 of each 2,000.
_OUT_OF = re.compile(r"(?P<part>Y) (?:out )?of (?:each |every |the )?(?P<whole>Y)")
_EACH = re.compile(
    r"每(?:满|消费|卖|销售|成交)?(?P<whole>Y)(?:元)?(?:中|里|订单|营业额|业绩|销售额|"
    r"消费)?[,、\ue000]?"
    r"(?:就|就有|有|拿出|提取|抽出?|取出?|划出?|其中|中)(?P<part>Y)"
)
_GIVEN_UP = re.compile(
    r"(?P<whole>Y)[^A-Z。;\n推邀荐]{0,10}(?:让利|让出|拿出|抽出|提取|划出)(?P<part>Y)"
)
_GOES_IN = re.compile(
    r"(?P<whole>Y)[,\ue000 ]{0,2}[^A-Z。;\n推邀荐]{0,6}(?P<part>Y)(?:元)?[进入到放打存注划]"
)
_EVERY = re.compile(
    r"(?P<whole>Y)[^A-Z.;\n]{0,24}[, ](?P<part>Y) (?:of (?:it|that|which) )?(?:goes|go|"
    r"is put|flows|"
    r"are put|will go|is paid)"
)
_INSTALMENTS = re.compile(
    r"(?P<whole>[MS])[^A-Z。\n]{0,8}(?P<term>D)|(?P<term2>D)[^A-Z。\n]{0,8}(?P<whole2>[MS])"
)


def worked_out(found: Skeleton, numbers: list[Number], all_said: list[Said]) -> tuple[Number, ...]:
    """The numbers with what is worked out behind what it comes from, at most so many."""
    derived: dict[int, list[Number]] = {}

    def add(last: int, of: tuple[int, int], value: float, role: Role, unit: Unit) -> None:
        base = numbers[last]
        one = replace(
            base,
            value=value,
            low=value,
            high=value,
            unit=unit,
            currency="CNY",
            role=role,
            reason="",
            worked_out=tuple(sorted(of)),
            per="day" if role == "rate" else None,
            of=None,
        )
        derived.setdefault(last, []).append(one)

    for i, one in enumerate(all_said):
        if one.pair is not None and not one.blocked:
            first, role = one.pair
            if numbers[first].value > 0 and _one_money(numbers[first], numbers[i]):
                add(i, (first, i), numbers[i].value / numbers[first].value, role, "multiple")
    index = {place: i for i, place in enumerate(found.at)}
    for pattern in (_OUT_OF, _EACH, _GIVEN_UP, _GOES_IN, _EVERY):
        for match in pattern.finditer(found.text):
            part, whole = index.get(match.start("part")), index.get(match.start("whole"))
            if part is None or whole is None or not _one_money(numbers[part], numbers[whole]):
                continue
            if 0 < numbers[part].value < numbers[whole].value:
                share = numbers[part].value / numbers[whole].value
                add(max(part, whole), (part, whole), share, "share", "share")
    for first, second in _credits(numbers):
        add(
            second,
            (first, second),
            numbers[second].value / numbers[first].value,
            "gift",
            "multiple",
        )
    for whole, term in _released(found, numbers, index):
        rate = numbers[whole].value / numbers[term].value
        add(max(whole, term), (whole, term), rate, "rate", "share")
    return _placed(numbers, derived)


def _one_money(first: Number, second: Number) -> bool:
    same = first.unit == second.unit == "money" and first.currency == second.currency
    return same and first.low == first.high and second.low == second.high


def _credits(numbers: list[Number]) -> list[tuple[int, int]]:
    """Points given for a price just before them on the line: 消费3000送9000积分."""
    return [
        (i, i + 1)
        for i, (first, second) in enumerate(pairwise(numbers))
        if (first.role, second.role, first.line) == ("price", "credit", second.line)
        and first.currency == "CNY"
        and 0 < first.low == first.high
    ]


def _released(
    found: Skeleton, numbers: list[Number], index: dict[int, int]
) -> list[tuple[int, int]]:
    """500 % in 500 days."""
    pairs = []
    for match in _INSTALMENTS.finditer(found.text):
        whole = index.get(match.start("whole" if match["whole"] else "whole2"))
        term = index.get(match.start("term" if match["term"] else "term2"))
        if whole is None or term is None:
            continue
        named = (numbers[whole].role, numbers[term].role) == ("multiple", "term")
        if named and numbers[term].value >= 2 and numbers[whole].value >= 1:
            pairs.append((whole, term))
    return pairs


def _placed(numbers: list[Number], derived: dict[int, list[Number]]) -> tuple[Number, ...]:
    """All of them in their order, with the places that they come from renumbered."""
    moved, so_far = [], 0
    for i in range(len(numbers)):
        moved.append(i + so_far)
        so_far += len(derived.get(i, ()))
    found: list[Number] = []
    for i, one in enumerate(numbers):
        found.append(one)
        found += [
            replace(more, worked_out=tuple(moved[k] for k in more.worked_out))
            for more in derived.get(i, ())
        ]
    return tuple(found[:MAX_NUMBERS])
