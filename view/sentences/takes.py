"""What it takes until an offer has paid what it promises, sentence by sentence. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from math import inf

from model.claims import parts
from model.demand import MAX_ORDERS_PER_TICK
from model.figures import circle
from model.library import Preset, places
from model.mechanisms import Commission, DividendPool, RefundQueue
from model.scheme import Scheme
from model.yardstick import used_up, yardstick
from view.sentences import answers, stated
from view.sentences.answers import Offer, Span
from view.words.format import (
    count,
    count_short,
    days,
    everybody,
    multiple,
    one_in,
    percent,
    quantity,
    significant,
    yuan,
    yuan_short,
)
from view.words.words import Words

#: Places whose people a growth is held against: a city, a province, the country, the world.
PLACES = ("shanghai", "guangdong", "china", "world")
#: A factor beyond this is "not enough people on Earth".
EVERYBODY = max(place.people for place in places())


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
    parts = {m.name for m in judged.scheme.mechanisms if (m.kind == "commission") != commission}
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
    what = answers.speaks_of(judged)
    if per_day:
        judged = replace(judged, schemes=tuple(_at(s, per_day) for s in judged.schemes))
    found: list[str] = []
    if what == "circle":
        found += _circle(judged, w)
    elif what == "agents":
        found += _agents(judged, w)
    elif what == "points":
        found += _points(judged, w, before=before, per_day=per_day)
    elif what != "nothing":
        found += _goods(judged, w)
        for promise in answers.paying(judged.scheme):
            if promise == "dividends":
                found += _dividends(judged, w)
            elif promise == "queue":
                found += _queue(judged, w, before=before)
            elif promise in {"daily", "ads"}:
                found += _release(judged, w)
        if what in {"dividends", "several"}:
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


def _goods(judged: Offer, w: Words, *, points: bool = False) -> Iterator[str]:
    """What the goods are worth by themselves."""
    goods, spend, lang = judged.scheme.order.goods_value, judged.spend, w.lang
    if goods is None:
        key = "answer.goods_unknown" if points else "answer.goods_unknown_other"
        yield w(key, spend=yuan(spend, lang))
    elif goods >= spend:
        key = "answer.goods_worth" if points else "answer.goods_worth_other"
        yield w(key, goods=yuan(goods, lang))
    else:
        key = "answer.goods" if points else "answer.goods_other"
        yield w(key, goods=yuan(goods, lang), risk=yuan(spend - goods, lang))


def _wait(more: float, orders_a_day: float, w: Words) -> str:
    """How long ``more`` orders take at a pace."""
    time = days(more / orders_a_day, w.lang)
    return w("answer.time", per_day=quantity(orders_a_day, w.lang, short=True), time=time)


def span_of(judged: Offer, name: str) -> Span:
    """A number of the yardstick at every corner; what never comes counts as infinite."""
    found = (yardstick(scheme, package=judged.package) for scheme in judged.schemes)
    values = [getattr(each, name) for each in found]
    return Span.of(inf if value is None else float(value) for value in values)


def _short(span: Span, show: Callable[[float], str], w: Words) -> str:
    return span.text(show, w)


# -- Points ------------------------------------------------------------------------------------


def _points(judged: Offer, w: Words, *, before: int | None, per_day: int | None) -> Iterator[str]:
    lang = w.lang

    def money(x: float) -> str:
        return yuan(x, lang)

    spend = money(judged.spend)
    if judged.most is None:
        yield w("answer.no_limit", spend=spend)
    elif judged.refunds:
        yield w("answer.most", most=judged.most.text(money, w), spend=spend)
    elif judged.can_refund:
        yield w("answer.most_unsure", most=judged.most.text(money, w), spend=spend)
    else:
        yield w("answer.most_short", most=judged.most.text(money, w), spend=spend)
    yield from _goods(judged, w, points=True)
    yield answers.crowd_sentence(judged, w)
    back, target = span_of(judged, "back"), judged.crowd.low
    seldom = back.known and not everybody(back.low)
    if judged.refunds and seldom and back.low < min(target * (1 - 1e-9), 1e15):
        yield w("answer.back", one_in=one_in(back.low, lang), spend=spend)
    if before is None:
        if judged.crowd.low < 1e15:
            more = Span(max(judged.crowd.low - 1, 0.0), min(judged.crowd.high, 1e15) - 1)
            shown = more.text(lambda n: count_short(significant(n), lang), w)
            yield w("answer.before_unknown", more=shown)
    elif not judged.known:
        if everybody(judged.crowd.low):
            yield w("answer.after_unsure_everybody")
        else:
            yield w("answer.after_unsure", one_in=one_in(judged.crowd.low, lang))
    else:
        after = answers.orders_after(judged.scheme, before + 1)
        if after > 1e15:
            yield w("answer.after_never")
        else:
            yield from _after_points(after, w, before=before, per_day=per_day)
    yield w("answer.selling")


def _after_points(more: float, w: Words, *, before: int, per_day: int | None) -> Iterator[str]:
    lang = w.lang
    told = count_short(significant(more) if more > answers.PLAYED else more, lang)
    if before:
        yield w("answer.after", before=count_short(before, lang), more=told)
    else:
        yield w("answer.after_first", more=told)
    if place := answers.place_sentence(more, w):
        yield place
    if per_day:
        yield _wait(more, per_day, w)


# -- Dividends ---------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def unit_paid(scheme: Scheme, name: str) -> tuple[float, float, float]:
    """Yuan a unit is paid at the first and second payment and a year on, sales as on day one."""
    pool = next(m for m in _pools(scheme) if m.name == name)
    steady = scheme.demand.model_copy(update={"kind": "steady", "growth": 0.0, "stop_tick": None})
    first, second, year, _ = parts.unit_paid(
        scheme.model_copy(update={"demand": steady, "horizon": 1, "tick": "day"}), pool
    )
    return first, second, year


def _pools(scheme: Scheme) -> list[DividendPool]:
    return [m for m in scheme.mechanisms if isinstance(m, DividendPool)]


def _dividends(judged: Offer, w: Words) -> Iterator[str]:
    lang = w.lang
    pool = _pools(judged.scheme)[0]
    units = judged.scheme.units(pool)[judged.package]
    if units <= 0 and judged.known:
        yield w(
            "take.no_unit",
            spend=yuan(judged.spend, lang),
            points=count_short(pool.levels[0][0] if pool.levels else 0, lang),
        )
    paid = (0.0, 0.0, 0.0)
    if judged.known and units > 0:  # a run for every corner would say no more
        paid = unit_paid(judged.scheme, pool.name)
    if paid[0] > 0 and paid[1] > 0:
        first, second, later = (yuan(x * units, lang) for x in paid)
        key = "take.units" if pool.interval == 1 else "take.units_interval"
        yield w(
            key,
            spend=yuan(judged.spend, lang),
            first=first,
            second=second,
            later=later,
            **({} if pool.interval == 1 else {"interval": days(pool.interval, lang)}),
        )
    if pool.levels and units > 0:
        yield w("take.levels", points=count_short(pool.levels[0][0], lang))


def too_many(judged: Offer) -> bool:
    """Whether so many numbers are open that ranges cost much and say nothing: of dividends."""
    return len(judged.schemes) > 2 and bool(_pools(judged.scheme))


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
    if answers.never_whole(judged):
        # Nobody was promised the price: how many orders it would take is no question.
        return
    if back.low >= EVERYBODY:
        yield w("take.back_never")
        return
    if back.high >= EVERYBODY:
        yield w("take.back_perhaps", factor=times(back.low))
    else:
        yield w("take.back", factor=_short(back, times, w))
    if judged.most is not None and promised.low > back.low * (1 + 1e-9):
        most = judged.most.text(lambda x: yuan(x, lang), w)
        if promised.low >= EVERYBODY:
            yield w("take.promised_never", most=most)
        elif promised.high >= EVERYBODY:
            yield w("take.promised_perhaps", factor=times(promised.low), most=most)
        else:
            yield w("take.promised", factor=_short(promised, times, w), most=most)
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
            yield _wait(least, pace(judged), w)
    elif before == 0:
        yield w("take.first")


# -- Release day by day ------------------------------------------------------------------------


def _release(judged: Offer, w: Words) -> Iterator[str]:
    lang = w.lang
    scheme = judged.scheme
    ads = answers.ads_of(scheme, judged.package)
    if ads is not None and judged.known:
        if ads.reward > 0:
            yield w("take.ads.task", reward=yuan(ads.reward, lang), view=yuan(ads.view, lang))
        if ads.days < inf:
            yield w("take.ads.days", credit=yuan(ads.credit, lang), time=count(ads.days, lang))
        else:
            yield w("take.ads.stuck")
    growth = span_of(judged, "growth")
    if math.isinf(growth.low):
        yield w("take.growth_never")
    elif growth.high <= 0:
        yield w("take.growth_none")
    else:
        yield from _growth(judged, growth, w)
    short, empty = span_of(judged, "short_tick"), span_of(judged, "empty_tick")
    if empty.low < inf <= empty.high:
        a_day = quantity(scheme.demand.orders_per_tick, lang, short=True)
        yield w("take.empty_perhaps", orders=a_day, empty=count(empty.low, lang))
    elif empty.low < inf:

        def day(x: float) -> str:
            return count(x, lang) if x < inf else w("take.no_day")

        key = "take.empty" if short.low < empty.low else "take.empty_at_once"
        values = {"empty": _short(empty, day, w)}
        if key == "take.empty":
            values["short"] = _short(short, day, w)
        yield w(key, orders=quantity(scheme.demand.orders_per_tick, lang, short=True), **values)


def _growth(judged: Offer, growth: Span, w: Words) -> Iterator[str]:
    lang = w.lang
    a_day = growth.text(lambda x: percent(x, lang) if x < inf else w("take.no_end"), w)
    if not growth.known:
        yield w("take.growth_range", growth=a_day)
        return
    double = math.log(2) / math.log1p(growth.low)
    double_text = days(round(double) if double >= 3 else double, lang)
    yield w("take.growth", growth=a_day, double=double_text)
    people = {place.id: place.people for place in places()}
    orders = judged.scheme.demand.orders_per_tick
    found = [
        used_up(growth=growth.low, orders_per_tick=orders, people=people[id_]) for id_ in PLACES
    ]
    if all(tick is not None and math.isfinite(tick) for tick in found):
        named = {
            key: text
            for k, (id_, tick) in enumerate(zip(PLACES, found, strict=True), start=1)
            for key, text in (
                (f"place{k}", w(f"place.{id_}")),
                (f"time{k}", days(float(tick), lang)),
            )
        }
        yield w("take.used_up", orders=quantity(orders, lang, short=True), **named)


# -- Queues ------------------------------------------------------------------------------------


def _behind(scheme: Scheme, queue: RefundQueue, ahead: int) -> float:
    """Orders that must follow for one with so many in front, which recruits nobody."""
    exact = answers.queue_order(scheme, queue, ahead + 1) - ahead - 1
    if queue.advance <= 0:
        return exact
    factor = yardstick(scheme).promised
    if factor is None or math.isinf(factor):
        return inf
    return max(exact, float(math.ceil(ahead * (factor - 1))))


def queue_after(judged: Offer, ahead: int) -> Span:
    """Orders that must follow for one with so many in front; may be infinite."""
    pairs = ((scheme, answers.the(RefundQueue, scheme)) for scheme in judged.schemes)
    return Span.of(_behind(scheme, queue, ahead) for scheme, queue in pairs)


def turns_lack_money(scheme: Scheme, queue: RefundQueue) -> bool:
    """Whether turns come sooner than the money for them."""
    turns = {"pool": 0.0, "shared": 1 / queue.newcomers, "own": 1.0}[queue.rule]
    return turns * queue.refund > answers.queue_backing(scheme, queue) * (1 + 1e-9)


def _queue(judged: Offer, w: Words, *, before: int | None) -> Iterator[str]:
    lang = w.lang
    corners = [(scheme, answers.the(RefundQueue, scheme)) for scheme in judged.schemes]
    queue = corners[0][1]
    if judged.most is not None and judged.most.high <= 0:
        yield w("take.queue.below", least=yuan(queue.threshold, lang))
        return
    if any(turns_lack_money(scheme, each) for scheme, each in corners):
        there = Span.of(answers.queue_backing(s, q) * judged.spend for s, q in corners)
        due = Span.of(q.refund * judged.spend for _, q in corners)
        yield w(
            "take.queue.short",
            there=there.text(lambda x: yuan(x, lang), w),
            due=due.text(lambda x: yuan(x, lang), w),
        )
        return
    orders_a_day = pace(judged)
    ahead = before if before is not None else max(round(orders_a_day), 1)
    more = queue_after(judged, ahead)
    if math.isinf(more.high):
        yield w("take.queue.never" if math.isinf(more.low) else "take.queue.perhaps_never")
        return
    shown = more.text(lambda n: count_short(significant(n) if n > 1e4 else n, lang), w)
    key = "take.queue.after" if before is not None else "take.queue.example"
    if before is None or before:
        yield w(key, before=count_short(ahead, lang), more=shown)
    else:
        yield w("take.queue.first", more=shown)
    if place := answers.place_sentence(more.low, w):
        yield place
    if more.known:
        if more.low / orders_a_day < queue.lock:
            lock = days(queue.lock, lang)
            yield w("take.queue.lock", per_day=quantity(orders_a_day, lang, short=True), lock=lock)
        else:
            yield _wait(more.low, orders_a_day, w)
    if max(answers.queue_factors(judged)) > 1 + 1e-9:
        yield w("take.queue.grows")
    if queue.advance > 0 and queue.advance_payer == "pool":
        yield w("take.queue.advance")


# -- Commissions -------------------------------------------------------------------------------


_TERRITORY = {
    "district": "take.territory.district",
    "city": "take.territory.city",
    "province": "take.territory.province",
}


def _agents(judged: Offer, w: Words) -> Iterator[str]:
    lang = w.lang
    commission = answers.the(Commission, judged.scheme)
    spend = judged.spend
    for sold in answers.territories(commission):
        yield w(
            _TERRITORY[sold.level],
            price=yuan_short(sold.price, lang),
            sales=yuan_short(sold.sales, lang),
            rate=percent(sold.rate, lang),
            orders=count_short(significant(sold.sales / spend), lang),
            spend=yuan(spend, lang),
        )
    if commission.direct > 0:
        recruits = math.ceil(1 / commission.direct - 1e-9)
        each = yuan(commission.direct * spend, lang)
        yield w("take.recruits", each=each, spend=yuan(spend, lang), recruits=count(recruits, lang))
    budget = judged.scheme.split().get("distribution", 0.0)
    lack = commission.rate - budget
    if lack > 1e-12:
        yield w("take.budget_short", lack=yuan(lack * spend, lang), spend=yuan(spend, lang))


def _circle(judged: Offer, w: Words) -> Iterator[str]:
    lang = w.lang
    commission = answers.the(Commission, judged.scheme)
    c = circle(judged.scheme, commission)
    kept = judged.scheme.split().get("merchant", 0.0) * judged.spend
    yield w(
        "take.circle.list",
        listed=yuan(c.listed, lang),
        cash=yuan(c.cash, lang),
        times=multiple(c.cash / c.goods, lang) if c.goods > 0 else w("control.none"),
    )
    if kept > 0:
        yield w(
            "take.circle.shop",
            kept=yuan(kept, lang),
            spend=yuan(judged.spend, lang),
            shop=yuan(c.shop, lang),
            cash=yuan(c.cash, lang),
        )


def derived_facts(chosen: Preset, w: Words) -> list[str]:
    """What follows from the pitch's own figures, in the preset's words."""
    return [w.text(f.text.en, f.text.zh) for f in chosen.fact if f.quality == "derived"]
