"""What was found in an advertisement: a line a number, and the text with each marked in place.

Nothing that was blotted out is ever shown: it is not in what was read any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from model.reading import Number, Reading
from view.words.format import count, count_short, multiple, percent, yuan
from view.words.words import Words

#: What a number is called once it is known what it is.
NAMES = {
    "price": "paste.name.price",
    "goods": "paste.name.goods",
    "list_price": "paste.name.list_price",
    "share": "paste.name.share",
    "multiple": "paste.name.multiple",
    "gift": "paste.name.gift",
    "credit": "paste.name.credit",
    "fee": "paste.name.fee",
    "fee_sum": "paste.name.fee",
    "rate": "paste.name.rate",
    "lock": "paste.name.lock",
    "term": "paste.name.term",
    "arrival": "paste.name.arrival",
    "newcomers": "paste.name.newcomers",
    "recruits": "paste.name.recruits",
    "commission": "paste.name.commission",
    "recruit_sum": "paste.name.commission",
    "pay": "paste.name.pay",
    "territory": "paste.name.territory",
    "minimum": "paste.name.minimum",
    "daily_cap": "paste.name.daily_cap",
    "point_value": "paste.name.point_value",
    "deposit": "paste.name.deposit",
    "levels": "paste.name.levels",
    "rounds": "paste.name.rounds",
    "markup": "paste.name.markup",
    "gain": "paste.name.gain",
    "platform_fee": "paste.name.platform_fee",
    "group": "paste.name.group",
    "winners": "paste.name.winners",
    "consolation": "paste.name.consolation",
    "cashback": "paste.name.cashback",
    "discount": "paste.name.discount",
}
#: Of what time a number is.
PER = {
    "hour": "paste.per.hour",
    "day": "paste.per.day",
    "week": "paste.per.week",
    "month": "paste.per.month",
    "year": "paste.per.year",
    "order": "paste.per.order",
    "person": "paste.per.person",
    "round": "paste.per.round",
}
#: Stands for what was blotted out.
BLOT = "▒"


def value_text(number: Number, w: Words) -> str:
    """A number as we write it, both ends of a range, with its time."""
    ends = dict.fromkeys((_one(number, number.low, w), _one(number, number.high, w)))
    low, *rest = ends
    said = w("span", low=low, high=rest[0]) if rest else low
    return w(PER[number.per], value=said) if number.per in PER else said


def _one(number: Number, value: float, w: Words) -> str:
    lang = w.lang
    if number.unit == "share":
        return percent(value, lang)
    if number.unit == "multiple":
        return multiple(value, lang)
    if number.unit == "money":
        if number.currency == "CNY":
            return yuan(value, lang)
        return f"{_plain(value, lang)} {number.currency}"
    if number.unit == "days":
        return w("paste.days", n=_plain(value, lang))
    if number.unit == "points":
        return w("paste.points", n=count_short(value, lang))
    return _plain(value, lang)


def _plain(value: float, lang: str) -> str:
    return count(value, lang) if value == int(value) else f"{value:g}"


def named(number: Number, w: Words) -> str:
    """The number, what it is, and why that is thought."""
    name = w(NAMES[number.role]) if number.role else ""
    if number.worked_out:
        return w("paste.line.worked_out", value=value_text(number, w), name=name)
    if number.reason:
        return w(
            "paste.line.near",
            value=value_text(number, w),
            name=name,
            word=word_in(number.reason, w),
        )
    return w("paste.line", value=value_text(number, w), name=name)


def word_in(reason: str, w: Words) -> str:
    """A word of the reader's lists, which are simplified, in the language of the page."""
    return w.text(reason, reason)


def unique(numbers: Iterable[Number], w: Words) -> list[Number]:
    """Each said once, in the order of the text."""
    seen: dict[tuple[str, str | None], Number] = {}
    for number in numbers:
        seen.setdefault((value_text(number, w), number.role), number)
    return list(seen.values())


def listed(reading: Reading, w: Words) -> str:
    """A line for each number with a meaning; the others and the text itself folded."""
    meant = unique((n for n in reading.numbers if n.role is not None), w)
    others = unique((n for n in reading.numbers if n.role is None and n.unit != "ordinal"), w)
    found = "".join(f"<li>{escape(named(number, w))}</li>" for number in meant)
    html = f"<ol class='wp-finds'>{found}</ol>" if found else ""
    if others:
        rest = "".join(f"<li>{escape(value_text(number, w))}</li>" for number in others)
        html += _folded(w("paste.others", n=str(len(others))), f"<ul class='wp-answer'>{rest}</ul>")
    return html + _folded(w("paste.marked"), f"<p class='wp-marked'>{marked(reading)}</p>")


def _folded(name: str, html: str) -> str:
    return f"<details class='wp-more'><summary>{escape(name)}</summary>{html}</details>"


def marked(reading: Reading) -> str:
    """The text as read, with the numbers that have a meaning marked, as HTML."""
    spans = [(n.start, n.end) for n in reading.numbers if n.role is not None and not n.worked_out]
    parts, at = [], 0
    for start, end in _apart(spans):
        parts += [_shown(reading.text[at:start]), f"<mark>{_shown(reading.text[start:end])}</mark>"]
        at = end
    return "".join([*parts, _shown(reading.text[at:])])


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, none inside another."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _shown(text: str) -> str:
    blotted = re.sub("\x00+", BLOT * 3, text)
    return escape(blotted).replace("\n", "<br>")
