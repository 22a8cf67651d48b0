"""Reading one text from beginning to end."""

from __future__ import annotations

from dataclasses import replace

from model.reading import around, words
from model.reading.base import MAX_NUMBERS, MAX_TEXT, Family, Number, Reading
from model.reading.derive import worked_out
from model.reading.families import families
from model.reading.masks import blotted
from model.reading.plain import COMMA, plain, simplified
from model.reading.roles import said
from model.reading.said import Said
from model.reading.scan import Quantity, quantities
from model.reading.skeleton import skeleton

#: A kind of offer with so much for it counts for what its numbers may be.
_SPOKEN_FOR = 0.9


def read(text: str) -> Reading:
    """The advertisement as read; nothing that is pasted raises."""
    shown = blotted_plain(text)
    body = simplified(shown)
    found = quantities(body)[:MAX_NUMBERS]
    letters = skeleton(body, found)
    kinds = families(body)
    # Once more with the kinds that the numbers speak for.
    for _ in range(2):
        about = said(letters, found, _spoken_for(kinds))
        kinds = families(body, [*map(_spoken, about), *_small_gifts(found, about)])
    if kinds and kinds[0].name == "cashback":
        about = [_of_a_shop(what) for what in about]
    numbers = [
        _without_pool(_number(body, one, what), kinds)
        for one, what in zip(found, about, strict=True)
    ]
    return Reading(
        text=shown.replace(COMMA, ","),
        numbers=worked_out(letters, numbers, about),
        families=kinds,
        says_rises=around.says_rises(body),
        cut=len(text) > MAX_TEXT,
    )


def blotted_plain(text: str) -> str:
    """The text as it is shown, with full-width commas still marked."""
    whole = plain(text)
    # The masks know simplified words; every character keeps its place.
    masked = blotted(simplified(whole))
    return "".join(
        hidden if hidden == "\x00" else letter for letter, hidden in zip(whole, masked, strict=True)
    )


def _spoken_for(kinds: tuple[Family, ...]) -> frozenset[str]:
    """The kinds that count for what numbers may be, and whether agencies come first."""
    spoken: set[str] = {kind.name for kind in kinds if kind.score >= _SPOKEN_FOR}
    if kinds and kinds[0].name == "agents":
        spoken.add("agents first")
    return frozenset(spoken)


def _number(body: str, one: Quantity, about: Said) -> Number:
    return Number(
        value=one.value,
        low=one.low,
        high=one.high,
        unit=one.unit,
        currency=one.currency,
        per=about.per,
        of=about.of,
        start=one.start,
        end=one.end,
        line=body.count("\n", 0, one.start) + 1,
        role=about.role,
        reason=about.reason if about.role else "",
    )


def _small_gifts(found: list[Quantity], about: list[Said]) -> list[str]:
    """Whether less than half of a sum is given on top, as shops do."""
    pairs = [
        (found[what.pair[0]].value, one.value)
        for one, what in zip(found, about, strict=True)
        if what.pair
    ]
    return ["small gift"] if any(0 < given < price / 2 for price, given in pairs) else []


def _spoken(about: Said) -> str:
    """A role as it speaks for a kind of offer: a rate with its time."""
    return f"{about.per} rate" if about.role == "rate" else about.role or ""


def _of_a_shop(about: Said) -> Said:
    """What a shop gives on top of a sum is its cash-back and no multiple."""
    if about.pair is not None and not about.blocked:
        about.role, about.reason, about.pair = "cashback", "返", None
    return about


def _without_pool(one: Number, kinds: tuple[Family, ...]) -> Number:
    """In a shop's cash-back, and what is plainly no offer, there is no pool, multiple or fee."""
    first = kinds[0] if kinds else None
    plainly = first is not None and (first.name == "cashback" or bool(first.reasons))
    if first is None or first.name not in {"cashback", "none"} or not plainly:
        return one
    if one.role not in words.OF_A_POOL:
        return one
    back = first.name == "cashback" and one.unit in {"share", "points"} and one.role != "fee"
    return replace(one, role="cashback" if back else None, reason=one.reason if back else "")
