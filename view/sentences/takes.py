"""What it takes until an offer has paid what it promises, sentence by sentence. No Streamlit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf

from model.demand import MAX_ORDERS_PER_TICK
from model.preset import Preset
from model.scheme import Scheme
from model.verdict import EVERYBODY
from model.yardstick import yardstick
from view.sentences import answers, stated
from view.sentences.judged import Offer, Span, never_whole
from view.sentences.offered import offered
from view.words.format import (
    count_short,
    days,
    multiple,
    quantity,
    significant,
    yuan,
)
from view.words.words import Words

#: Places whose people a growth is held against: a city, a province, the country, the world.
PLACES = ("shanghai", "guangdong", "china", "world")


_MOST = "exit_multiple fee gift_multiple refund quota_multiple withdrawal_fee rewards spend levels"
#: What a sentence rests on, by the names of the numbers; every other rests on all.
_RESTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("answer.no_limit", "answer.most", "answer.most_unsure", "answer.most_short"),
        frozenset(_MOST.split()),
    ),
    **dict.fromkeys(
        ("answer.goods", "answer.goods_other", "answer.goods_worth", "answer.goods_worth_other"),
        frozenset({"spend", "goods_value"}),
    ),
    "answer.goods_unknown": frozenset({"spend"}),
    "answer.goods_unknown_other": frozenset({"spend"}),
    "answer.selling": frozenset(),
    "take.levels": frozenset({"levels", "points_rate"}),
    "take.no_unit": frozenset({"levels", "points_rate", "spend"}),
    "take.ads.task": frozenset({"rewards", "gift_multiple", "ad_share", "ad_income", "spend"}),
    "take.ads.days": frozenset({"rewards", "gift_multiple", "tasks", "spend"}),
    "take.ads.stuck": frozenset({"rewards", "gift_multiple", "tasks", "spend"}),
}
#: What is paid to buyers does not change what commissions are, and the other way round.
_COMMISSIONS = ("take.territory.", "take.recruits", "take.budget_short", "take.circle.")


def rests_on(judged: Offer, key: str) -> list[str]:
    """Which numbers that nobody has stated the sentence of a key rests on."""
    names = _RESTS.get(key)
    commission = key.startswith(_COMMISSIONS)
    parts = {m.name for m in judged.scheme.mechanisms if offered(m).on_top != commission}
    return [
        each
        for each in dict.fromkeys((*judged.unsure, *judged.ours))
        if each.partition(".")[0] not in parts
        and (names is None or each.rpartition(".")[2] in names)
    ]


def lines(
    judged: Offer,
    w: Words,
    *,
    before: int | None,
    per_day: int | None,
    printed: bool = False,
) -> list[str]:
    """What follows from the numbers: facts first, each with its assumption in the sentence.

    What rests on a number of ours says so; what rests on one that the reader could not state is not
    printed.
    """

    def told(keyed: Words) -> list[str]:
        return _lines(judged, keyed, before=before, per_day=per_day)

    found = []
    for key, line in stated.keyed(told, w):
        rests = rests_on(judged, key)
        if printed and any(each in judged.unsure for each in rests):
            continue
        note = answers.noted(judged, rests, w)
        found.append(stated.each_tagged(line, note, w) if note else line)
    return found


def _lines(judged: Offer, w: Words, *, before: int | None, per_day: int | None) -> list[str]:
    what, says = answers.speaker(judged)
    if per_day:
        judged = replace(judged, schemes=tuple(_at(s, per_day) for s in judged.schemes))
    if what == "nothing":
        return []
    alone = says.alone(judged, w, before=before, per_day=per_day)
    if alone is not None:
        return list(alone)
    found = [*goods(judged, w)]
    for each in answers.payers(judged.scheme).values():
        found += each.takes(judged, w, before=before)
    if says.multiplies:
        found += _factors(judged, w, before=before)
    return found


def _at(scheme: Scheme, per_day: int) -> Scheme:
    """The scheme at the reader's pace."""
    orders = float(min(per_day, MAX_ORDERS_PER_TICK))
    demand = scheme.demand.model_copy(update={"kind": "steady", "orders_per_tick": orders})
    return scheme.model_copy(update={"demand": demand})


def pace(judged: Offer) -> float:
    """Orders a day: the reader's, or the scheme's first day."""
    return judged.scheme.demand.orders_per_tick


# -- What several promises have in common ------------------------------------------------------


def goods(judged: Offer, w: Words, *, points: bool = False) -> Iterator[str]:
    """What the goods are worth by themselves."""
    worth, spend, lang = judged.scheme.order.goods_value, judged.spend, w.lang
    if worth is None:
        key = "answer.goods_unknown" if points else "answer.goods_unknown_other"
        yield w(key, spend=yuan(spend, lang))
    elif worth >= spend:
        key = "answer.goods_worth" if points else "answer.goods_worth_other"
        yield w(key, goods=yuan(worth, lang))
    else:
        key = "answer.goods" if points else "answer.goods_other"
        yield w(key, goods=yuan(worth, lang), risk=yuan(spend - worth, lang))


def wait(more: float, orders_a_day: float, w: Words) -> str:
    """How long ``more`` orders take at a pace."""
    time = days(more / orders_a_day, w.lang)
    return w("answer.time", per_day=quantity(orders_a_day, w.lang, short=True), time=time)


def span_of(judged: Offer, name: str) -> Span:
    """A number of the yardstick at every corner; what never comes counts as infinite."""
    found = (yardstick(scheme, package=judged.package) for scheme in judged.schemes)
    values = [getattr(each, name) for each in found]
    return Span.of(inf if value is None else float(value) for value in values)


def too_many(judged: Offer) -> bool:
    """Whether so many numbers are open that ranges cost much and say nothing: of dividends."""
    return len(judged.schemes) > 2 and any(
        offered(mechanism).played for mechanism in judged.scheme.mechanisms
    )


def _factors(judged: Offer, w: Words, *, before: int | None) -> Iterator[str]:
    """By how much all orders so far must multiply, and what that means for this buyer."""
    lang = w.lang
    if too_many(judged):
        return
    back, promised = span_of(judged, "back"), span_of(judged, "promised")

    def times(x: float) -> str:
        return multiple(x, lang)

    if judged.most is not None and judged.most.high <= 0:
        return
    if never_whole(judged):
        # Nobody was promised the price: how many orders it would take is no question.
        return
    if back.low >= EVERYBODY:
        yield w("take.back_never")
        return
    if back.high >= EVERYBODY:
        yield w("take.back_perhaps", factor=times(back.low))
    else:
        yield w("take.back", factor=back.text(times, w))
    if judged.most is not None and promised.low > back.low * (1 + 1e-9):
        most = judged.most.text(lambda x: yuan(x, lang), w)
        if promised.low >= EVERYBODY:
            yield w("take.promised_never", most=most)
        elif promised.high >= EVERYBODY:
            yield w("take.promised_perhaps", factor=times(promised.low), most=most)
        else:
            yield w("take.promised", factor=promised.text(times, w), most=most)
    if before:
        least = before * (back.low - 1)
        told = count_short(before, lang)
        if back.high >= EVERYBODY:
            at_least = count_short(significant(least), lang)
            yield w("take.back_after_least", before=told, more=at_least)
        else:
            more = Span(least, before * (back.high - 1))
            shown = more.text(lambda n: count_short(significant(n), lang), w)
            yield w("take.back_after", before=told, more=shown)
        if place := answers.place_sentence(least, w):
            yield place
        if back.known:
            yield wait(least, pace(judged), w)
    elif before == 0:
        yield w("take.first")


def derived_facts(chosen: Preset, w: Words) -> list[str]:
    """What follows from the pitch's own figures, in the preset's words."""
    return [w.text(f.text.en, f.text.zh) for f in chosen.fact if f.quality == "derived"]
