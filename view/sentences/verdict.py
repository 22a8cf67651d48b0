"""The answer in words: can I get back what I pay? No Streamlit here.

It comes from :mod:`model.verdict`; what nobody has stated is never told as a promise: where it
decides the answer there is none but to ask, and where it only moves the numbers none is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isinf
from typing import Literal

from model.preset import SchemeError
from model.scheme import Scheme, scheme_parameters
from model.verdict import Verdict, verdict
from view.sentences import answers, stated
from view.sentences.cases import fee_open, possible
from view.sentences.judged import Offer
from view.words.format import count_short, percent, significant, yuan
from view.words.words import Words

#: What a reader can do next.
Next = Literal["ask", "none"]
#: Answers that say the same in words, whatever the numbers.
_ALIKE = {"never": "later", "follow": "later", "grow": "later"}
#: Those that have words without a number.
_OPEN = frozenset({"kept", "less", "later"})
_PRICE = "order.spend"
#: The words of each answer.
_WORDS = {
    "nothing": "verdict.nothing",
    "kept": "verdict.kept",
    "less": "verdict.less",
    "backed": "verdict.backed",
    "kept.open": "verdict.kept.open",
    "less.open": "verdict.less.open",
    "later.open": "verdict.later.open",
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """The answer in words.

    name: which of the answers, a kind of :mod:`model.verdict`, ``recruit`` or ``not_stated``.
    heading: one sentence. condition: what it rests on that nobody has stated, or nothing. goods:
    the goods in the same sum, or nothing where the offer is about something else.
    """

    name: str
    heading: str
    condition: str
    goods: str

    @property
    def fine(self) -> bool:
        """Whether nobody has to pay for it but the seller, and the goods are worth the rest."""
        return self.name == "kept"

    @property
    def sentences(self) -> list[str]:
        """All of it, heading first."""
        return [part for part in (self.heading, self.condition, self.goods) if part]


def told(judged: Offer, w: Words) -> Told:
    """The answer to one offer."""
    if answers.speaks_of(judged) == "agents":
        heading = w("verdict.recruit")
        return Told(name="recruit", heading=heading, condition="", goods="")
    at, name = _settled(judged)
    if judged.focus == "cashback" and judged.mine and at.kind == "kept" and not at.margin:
        much = w(
            "verdict.cash_back.much",
            most=yuan(at.most or 0.0, w.lang),
            spend=yuan(at.spend, w.lang),
        )
        condition, goods = _assumed(judged, at, w), goods_of(at, judged, w)
        return Told(name="not_stated", heading=much, condition=condition, goods=goods)
    if name == "not_stated":
        heading = w("verdict.not_stated")
        return Told(name=name, heading=heading, condition=_missing(judged, w), goods="")
    opened = name.endswith(".open")
    shown = replace(at, most=None) if opened else at
    heading = w(_WORDS[name]) if opened else heading_of(at, w)
    notes = [_missing(judged, w)] if opened else [_assumed(judged, at, w)]
    if at.kind in {"follow", "grow"} and not opened:
        notes.append(w("verdict.stays"))
    if fee_open(judged) and not opened and at.most is not None:
        notes.append(w("verdict.before_fee"))
    return Told(
        name="kept.dear" if at.kind == "kept" and at.dear else at.kind,
        heading=heading,
        condition=stated.joined(filter(None, notes), w),
        # A price that nobody has stated is no sum to hold the goods against.
        goods="" if opened and _PRICE in judged.ours else goods_of(shown, judged, w),
    )


def heading_of(at: Verdict, w: Words) -> str:
    """The answer where every number is known, in one sentence."""
    lang = w.lang
    values = {"spend": yuan(at.spend, lang)}
    if at.most is not None:
        values["most"] = yuan(at.most, lang)
    if at.kind == "kept" and at.dear:
        worth = yuan((at.most or 0.0) + (at.goods or 0.0), lang)
        return w("verdict.kept.dear", spend=values["spend"], worth=worth)
    if at.kind == "kept" and at.margin:
        return w("verdict.kept.margin", **values)
    if at.kind == "follow":
        return w("verdict.follow", more=many(at.more or 0.0, w))
    if at.kind == "grow":
        return w("verdict.grow", growth=percent(at.growth or 0.0, lang))
    if at.kind == "never":
        none = at.more is None or isinf(at.more)
        return w("verdict.never.money" if none else "verdict.never.people")
    if at.kind in {"nothing", "backed"}:
        return w(_WORDS[at.kind])
    return w(_WORDS[at.kind], **values)


def many(orders: float, w: Words) -> str:
    """So many orders for one."""
    return f"{orders:.2g}" if orders < 10 else count_short(significant(orders), w.lang)


def goods_of(at: Verdict, judged: Offer, w: Words) -> str:
    """What was bought, in the same sum as the money; nothing where the offer sells nothing."""
    if answers.speaks_of(judged) in answers.NO_GOODS:
        return ""
    lang, spend = w.lang, yuan(at.spend, w.lang)
    if at.most is None:
        first = w("verdict.goods.money", spend=spend)
    else:
        key = "verdict.goods.back" if at.kind == "kept" else "verdict.goods.most"
        first = w(key, spend=spend, most=yuan(at.most, lang))
    if at.goods is None:
        return stated.joined((first, w("verdict.goods.unknown")), w)
    second = w("verdict.goods.worth", goods=yuan(at.goods, lang))
    third = ""
    if at.short is not None and at.kind not in {"kept", "nothing"}:
        short = yuan(at.short, lang)
        third = w("verdict.goods.short", short=short) if at.dear else w("verdict.goods.covers")
    return stated.joined(filter(None, (first, second, third)), w)


# -- What nobody has stated ----------------------------------------------------------------------


def _settled(judged: Offer) -> tuple[Verdict, str]:
    """The answer, and its name: a kind, one of them ``.open`` as to numbers, or ``not_stated``."""
    first, *others = (_of(scheme, judged) for scheme in possible(judged))
    alike = _alike(first)
    opened = False
    for found in others:
        if _alike(found) != alike:
            return first, "not_stated"
        opened = opened or _numbers(found) != _numbers(first)
    if not opened:
        return first, first.kind
    return first, f"{alike}.open" if alike in _OPEN else "not_stated"


def _of(scheme: Scheme, judged: Offer) -> Verdict:
    package = min(judged.package, len(scheme.order.choices) - 1)
    return verdict(scheme, package=package)


def _alike(at: Verdict) -> str:
    if at.kind == "kept":
        # Fine or not: what is out of the own order may still be dear.
        return "kept.dear" if at.dear else "kept"
    return _ALIKE.get(at.kind, at.kind)


def _numbers(at: Verdict) -> tuple[object, ...]:
    """What the heading says, beside its kind."""
    if at.kind in _ALIKE:
        return at.kind, at.more, at.growth
    return at.kind, at.most, at.spend


def _missing(judged: Offer, w: Words) -> str:
    return w("verdict.missing", what=stated.labels(judged.chosen, judged.unsure, w))


def _assumed(judged: Offer, at: Verdict, w: Words) -> str:
    """The remark that the answer rests on numbers of ours, with them; nothing if it does not."""
    if judged.chosen.kind == "sound":
        key = "verdict.cash_back" if judged.mine else "verdict.example"
        note = answers.noted(judged, [k for k in judged.ours if judged.mine and k == _PRICE], w)
        rests = w("verdict.assumed", note=note) if note else ""
        return stated.joined(filter(None, (w(key), rests)), w) if judged.mine or judged.ours else ""
    known, changes = scheme_parameters(judged.scheme), dict(judged.changes)
    decides: list[str] = []
    for key in judged.ours:
        for value in stated.others(known[key], judged.scheme.get(key)):
            try:
                scheme = judged.chosen.scheme({**changes, key: value})
            except SchemeError:
                continue
            if heading_of(_of(scheme, judged), w) != heading_of(at, w):
                decides.append(key)
                break
    note = answers.noted(judged, decides, w)
    return w("verdict.assumed", note=note) if note else ""
