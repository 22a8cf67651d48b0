"""The answers in figures and sentences, for every page that gives them. No Streamlit here."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from math import inf
from typing import Any, TypeVar

from model.crowd import crowd_factor, order_reaching
from model.figures import circle, taken, usual_package
from model.library import Place, Preset, SchemeError, places, preset, presets
from model.mechanisms import Commission, DividendPool, RefundQueue, ScheduledRelease
from model.mechanisms.base import levels_reached
from model.scheme import RECIPIENTS, Mechanism, Scheme, scheme_parameters
from view import palette
from view.sentences import stated
from view.sentences.walk import walk
from view.words.format import (
    count_short,
    everybody,
    multiple,
    one_in,
    percent,
    significant,
    yuan,
    yuan_short,
)
from view.words.words import Words

M = TypeVar("M")

# -- What was promised -------------------------------------------------------------------------

#: What a reader may have been promised, in the order of the buttons.
PROMISES = ("points", "daily", "queue", "dividends", "ads", "agents", "several")


def promise_of(mechanism: Mechanism) -> str:
    """What a mechanism promises, as one of :data:`PROMISES`."""
    if isinstance(mechanism, ScheduledRelease):
        return "ads" if mechanism.rewards else "daily"
    return {
        "points_pool": "points",
        "dividend_pool": "dividends",
        "refund_queue": "queue",
        "commission": "agents",
    }[mechanism.kind]


def promises_of(scheme: Scheme) -> tuple[str, ...]:
    """What a scheme promises, each once, the main one first."""
    return tuple(dict.fromkeys(promise_of(mechanism) for mechanism in scheme.mechanisms))


def main_promise(chosen: Preset) -> str:
    """The button a preset stands under."""
    scheme = chosen.scheme()
    if chosen.kind == "own":
        found = promises_of(scheme)
        return found[0] if len(found) == 1 else "several"
    first = scheme.first(chosen.family)
    return promise_of(first if first is not None else scheme.mechanisms[0])


@lru_cache(maxsize=16)
def presets_of(promise: str) -> tuple[str, ...]:
    """The advertised presets that make this promise; all of them where nobody is sure."""
    names = presets(kind="advertised")
    if promise == "several":
        return tuple(names)
    if promise == "agents":
        return tuple(name for name in names if "agents" in promises_of(preset(name).scheme()))
    return tuple(name for name in names if main_promise(preset(name)) == promise)


#: What a reader may be unsure of in an offer of points, in the order of the questions.
UNSURE = (
    "points_pool.share",
    "points_pool.gift",
    "points_pool.fee",
    "points_pool.exit_multiple",
)
#: At most so many numbers may be open at a time: each doubles what has to be worked out.
MOST_UNSURE = 4
#: The numbers that matter to each promise, in the order of the questions.
_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "points": tuple(key.partition(".")[2] for key in UNSURE),
    "daily": ("share", "gift_multiple", "daily_rate"),
    "ads": ("share", "gift_multiple", "tasks", "ad_share", "ad_income"),
    "queue": ("share", "refund", "newcomers", "lock"),
    "dividends": ("share", "rank_share", "quota_multiple", "points_rate"),
    "agents": ("direct", "indirect", "merchant", "district", "district_price"),
    "circle": ("circle_points", "circle_cash", "circle_shop", "circle_goods"),
}
#: More questions than this are nobody's patience.
MOST_QUESTIONS = 8


def questions(scheme: Scheme, focus: str) -> tuple[str, ...]:
    """Keys of the numbers to ask for: what changes the answer, and nothing else."""
    return _all_questions(scheme, focus)[:MOST_QUESTIONS]


def _all_questions(scheme: Scheme, focus: str) -> tuple[str, ...]:
    asked, seen = [], set()
    for mechanism in scheme.mechanisms:
        promise = promise_of(mechanism)
        if (focus == "agents") != (promise == "agents") and focus != "several":
            continue
        # Of a second pool of the same kind only how much goes into it.
        names = ("share",) if promise in seen else tuple(_asked(mechanism, promise))
        seen.add(promise)
        asked += [f"{mechanism.name}.{name}" for name in names]
        if isinstance(mechanism, ScheduledRelease):
            asked.append("platform.withdrawal_fee")
    return tuple(asked)


def _asked(mechanism: Mechanism, promise: str) -> Iterator[str]:
    names = _QUESTIONS[promise]
    if isinstance(mechanism, Commission):
        if mechanism.circle > 0:
            yield from _QUESTIONS["circle"]
            return
        names = names[: 5 if mechanism.districts else 3]
    for name in names:
        if isinstance(mechanism, DividendPool):
            shared = mechanism.shared_quota == "points_pool"
            if name == "quota_multiple" and (shared or mechanism.package_quotas):
                continue
            if name == "points_rate" and not mechanism.levels:
                continue
            if name == "rank_share" and mechanism.levels and not mechanism.rank_share:
                continue
        listed = isinstance(mechanism, ScheduledRelease) and mechanism.package_multiples
        if name == "gift_multiple" and listed:
            continue
        if isinstance(mechanism, RefundQueue) and name == "newcomers" and mechanism.rule == "pool":
            continue
        yield name


# -- Judging an offer --------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """A figure, or the range it must lie in."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Span:
        """From the least to the most of ``values``."""
        known = list(values)
        return cls(min(known), max(known))

    @property
    def known(self) -> bool:
        """Whether there is only one value."""
        if self.low == self.high:
            return True
        return math.isfinite(self.high) and abs(self.high - self.low) <= 1e-9 * abs(self.high)

    def text(self, show: Any, w: Words) -> str:
        """The figure, or "low to high"."""
        low, high = show(self.low), show(self.high)
        return str(low) if self.known or low == high else w("span", low=low, high=high)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What can be said of one offer before anybody does anything."""

    schemes: tuple[Scheme, ...]  # one for each corner of what is not known
    focus: str  # the promise it is judged by
    package: int  # which package
    spend: float  # yuan the buyer pays for it
    reaches: Span  # yuan of it that go where payments to buyers come from
    most: Span | None  # yuan it can ever be paid, after the fee; None: no limit in the rule
    target: Span | None  # yuan of points at which that is paid
    crowd: Span  # all orders must multiply by this until a late buyer is there; inf: never
    one_target: float | None  # the multiple the crowd figure is about
    refunds: bool  # whether the most one order can be paid covers the price for sure
    can_refund: bool  # ... or at least may
    chosen: Preset
    changes: Mapping[str, Any]  # what was stated instead of the preset's numbers
    unsure: tuple[str, ...] = ()  # keys of numbers that the reader could not state
    ranged: tuple[str, ...] = ()  # those of them that have a range of ours here
    ours: tuple[str, ...] = ()  # keys of numbers that we assume: nobody has stated them

    @property
    def known(self) -> bool:
        """Whether every number is known."""
        return len(self.schemes) == 1

    @property
    def scheme(self) -> Scheme:
        """The scheme, or one of those it may be."""
        return self.schemes[0]

    @property
    def fixed(self) -> tuple[str, ...]:
        """Keys of numbers that stand at a value of ours."""
        return (*(key for key in self.unsure if key not in self.ranged), *self.ours)


def _variants(
    scheme: Scheme, chosen: Preset, changes: Mapping[str, Any], unsure: Sequence[str]
) -> tuple[Scheme, ...]:
    """The scheme at every corner of what is not known; where they cannot be, as near as can."""
    known = scheme_parameters(scheme)
    if not unsure:
        return (scheme,)
    ranges = [known[key].unsure or (0.0, 1.0) for key in unsure]
    lows = [low for low, _ in ranges]
    # What has not been named may be that there is none.
    ends = [
        (*pair, None) if known[key].optional else pair
        for key, pair in zip(unsure, ranges, strict=True)
    ]
    corners = (_corner(chosen, changes, unsure, lows, c) for c in itertools.product(*ends))
    return tuple(corner for corner in corners if corner is not None) or (scheme,)


def _corner(
    chosen: Preset,
    changes: Mapping[str, Any],
    keys: Sequence[str],
    lows: Sequence[float],
    corner: Sequence[float | None],
) -> Scheme | None:
    """The scheme at one corner, or as near to it as the numbers go together."""

    def at(part: float) -> Scheme | None:
        values = [
            None if value is None else low + part * (value - low)
            for low, value in zip(lows, corner, strict=True)
        ]
        try:
            return chosen.scheme({**changes, **dict(zip(keys, values, strict=True))})
        except SchemeError:
            return None

    if (whole := at(1.0)) is not None:
        return whole
    found, low, high = at(0.0), 0.0, 1.0
    for _ in range(24):
        if found is None:
            break
        middle = (low + high) / 2
        nearer = at(middle)
        if nearer is None:
            high = middle
        else:
            found, low = nearer, middle
    return found


def offer(
    scheme: Scheme,
    chosen: Preset,
    changes: Mapping[str, Any],
    unsure: Sequence[str] = (),
    *,
    focus: str | None = None,
    package: int | None = None,
    mine: bool = False,
) -> Offer:
    """Judge an offer; ``unsure`` names parameters that nobody has stated.

    The first few of them that have a range of ours give ranges, the others stand at a value of
    ours. ``focus`` is one of :data:`PROMISES`; without it, what the preset mainly promises.
    ``package`` counts from 0. ``mine``: of a scheme of the reader's own every number that is not in
    ``unsure`` has been stated, those that are ours by default, too.
    """
    known = scheme_parameters(scheme)
    # Sums of a price that nobody has stated are sums of an example, and say so.
    priced = "order.spend" not in unsure
    unsure = tuple(k for k in dict.fromkeys(unsure) if k in known and k != "order.spend")
    if any(key in changes for key in unsure):
        # What it was before the reader was not sure any more counts for nothing.
        changes = {key: value for key, value in changes.items() if key not in unsure}
        try:
            scheme = chosen.scheme(changes)
        except SchemeError:  # these go together only with what was dropped
            changes = {}
            scheme = chosen.scheme()
    ranged = tuple(key for key in unsure if known[key].unsure)[:MOST_UNSURE]
    corners = _variants(scheme, chosen, changes, ranged)
    if package is None or not 0 <= package < len(scheme.order.choices):
        package = usual_package(scheme)
    spend = scheme.order.choices[package][0]
    limits = [corner.most_paid_for(package) for corner in corners]
    limited = [limit for limit in limits if limit is not None]
    pools = [corner for corner in corners if corner.points_pool is not None]
    targets = [_target(corner) for corner in pools]
    covers = [limit >= spend * (1 - 1e-9) for limit in limited]
    return Offer(
        schemes=corners,
        focus=focus or main_promise(chosen),
        package=package,
        spend=spend,
        reaches=Span.of(taken(corner) * spend for corner in corners),
        most=Span.of(limited) if limited else None,
        target=Span.of(target * spend for target in targets) if targets else None,
        crowd=Span.of(map(_crowd, pools)) if pools else Span(inf, inf),
        one_target=targets[0] if len(targets) == 1 else None,
        refunds=all(covers),
        can_refund=not covers or any(covers) or len(limited) < len(limits),
        chosen=chosen,
        changes=changes,
        unsure=unsure,
        ranged=ranged,
        ours=tuple(
            dict.fromkeys(
                (
                    *(() if priced else ("order.spend",)),
                    *(k for k in _assumed(scheme, chosen, changes, mine=mine) if k not in unsure),
                )
            )
        ),
    )


#: Numbers that nobody is asked for and that change an answer.
_BESIDE = ("order.spend", "order.goods_value", "order.rest")
_BESIDE_NAMES = ("rule", "newcomers", "interval", "levels")


def numbers(scheme: Scheme) -> tuple[str, ...]:
    """Keys of the numbers that an answer may rest on."""
    beside = (f"{m.name}.{n}" for m in scheme.mechanisms for n in _BESIDE_NAMES if hasattr(m, n))
    asked = (*_BESIDE, *_all_questions(scheme, "several"), *beside)
    return tuple(key for key in dict.fromkeys(asked) if key in scheme_parameters(scheme))


def _assumed(
    scheme: Scheme, chosen: Preset, changes: Mapping[str, Any], *, mine: bool
) -> tuple[str, ...]:
    """Keys of the numbers that no source states, that are ours and that nobody has changed."""
    if chosen.kind == "own":
        if mine:
            return ()
        asked = ("order.spend", *_all_questions(scheme, "several"))
        found = [key for key in asked if scheme.get(key) not in (0, None)]
    else:
        assumed = {value.key for value in chosen.value if value.quality == "assumed"}
        found = [key for key in numbers(scheme) if key in assumed]
    return tuple(key for key in found if key not in changes)


def _point(judged: Offer, changes: Mapping[str, Any]) -> Offer | None:
    """The same offer at other numbers, all taken as known; None: they do not go together."""
    try:
        scheme = judged.chosen.scheme(changes)
        at = offer(
            scheme, judged.chosen, changes, focus=judged.focus, package=judged.package, mine=True
        )
    except SchemeError:
        return None
    return replace(at, ours=())


def points(judged: Offer) -> tuple[Offer, dict[str, list[Offer]]]:
    """The offer as if all were known, and at other values of each number that nobody has stated."""
    changes = dict(judged.changes)
    base = _point(judged, changes) or replace(judged, schemes=judged.schemes[:1])
    known = scheme_parameters(base.scheme)
    around: dict[str, list[Offer]] = {}
    for key in (*judged.unsure, *judged.ours):
        values = stated.others(known[key], base.scheme.get(key))
        found = (_point(judged, {**changes, key: value}) for value in values)
        around[key] = [each for each in found if each is not None]
    if len(judged.unsure) > 1:
        # What one of them hides may show where they are all otherwise.
        for end in (0, -1):
            together = dict(changes)
            for key in judged.unsure:
                values = stated.others(known[key], base.scheme.get(key))
                together[key] = values[end] if values else base.scheme.get(key)
            if (each := _point(judged, together)) is not None:
                for key in judged.unsure:
                    around[key].append(each)
    return base, around


def _value_of(judged: Offer) -> Callable[[str], Any]:
    scheme = judged.chosen.scheme(judged.changes)
    return scheme.get


def noted(judged: Offer, keys: Iterable[str], w: Words) -> str:
    """The remark that these numbers are ours, empty without any."""
    chosen = judged.chosen
    found = list(keys)
    known = scheme_parameters(judged.scheme)
    fixed = [key for key in found if key not in judged.ranged]
    both = (
        stated.ranges(chosen, [key for key in found if key in judged.ranged], known, w),
        stated.ours(chosen, fixed, known, _value_of(judged), w) if fixed else "",
    )
    return w("flag.and").join(filter(None, both))


def _target(scheme: Scheme) -> float:
    """The multiple of the price a buyer waits for: the forced exit, or the money back after fee."""
    multiple_ = scheme.pool.exit_multiple
    return multiple_ if multiple_ is not None else 1 / (1 - scheme.pool.fee)


def _crowd(scheme: Scheme) -> float:
    """The crowd factor with the exits that the rule itself forces."""
    forced = scheme.pool.exit_multiple is not None
    return crowd_factor(_target(scheme), pool=scheme.pool, forced_exits=forced)


#: Up to this many orders the line is played order by order; beyond, the closed forms serve.
PLAYED = 10_000


def orders_after(scheme: Scheme, place: int) -> float:
    """How many more orders until the buyer with ``place`` - 1 before them is there; may be inf.

    Nobody sells but those whom the rule forces out. Far down the line the closed form for nobody
    leaving is scaled by what forced exits do to the crowd factor.
    """
    pool, target = scheme.pool, _target(scheme)
    alone = order_reaching(target, place=place, pool=pool)
    if pool.exit_multiple is None or math.isinf(alone) or place == 1:
        return alone - place
    if alone <= PLAYED:
        played = walk(scheme, upto=int(alone), buyer=place, sell=0)
        if played.left_at is not None:
            return float(played.left_at - place)
    return alone * _crowd(scheme) / crowd_factor(target, pool=pool) - place


def larger_than(orders: float) -> Place | None:
    """The largest place whose people are fewer than ``orders``."""
    fitting = [place for place in places() if place.people < orders]
    return fitting[-1] if fitting else None


# -- Single promises ---------------------------------------------------------------------------


def the(kind: type[M], scheme: Scheme) -> M:
    """The first mechanism of a kind; raises LookupError if there is none."""
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, kind):
            return mechanism
    raise LookupError(f"{scheme.id} has no {kind.__name__}")


@dataclass(frozen=True)
class Advertising:
    """What advertisers pay of one order's credit."""

    days: float  # until the credit is used up; inf: never
    credit: float  # yuan of it
    advertisers: float  # yuan that they pay in these days, at most the credit
    reward: float  # yuan for the first task
    view: float  # yuan that an advertiser pays for it on average

    @property
    def buyers(self) -> float:
        """Yuan that have to come from elsewhere."""
        return self.credit - self.advertisers


def advertising(scheme: Scheme, release: ScheduledRelease, package: int) -> Advertising:
    """Work out who pays for the tasks of one order, if it does them every day."""
    credit = left = scheme.credits(release)[package]
    days, reward = 0.0, 0.0
    for level, each in reversed(release.rewards):
        if left <= 0 or not levels_reached([level], left, of=credit):
            continue
        a_day = each * release.tasks
        reward = reward or each
        if a_day <= 0:
            days = inf
            break
        # Down to the next lower level, or to nothing.
        whole = 1e-9  # of a day: rounding makes no day longer
        steps = (
            math.ceil(left / a_day - whole)
            if level <= 0
            else math.floor((left - level) / a_day + whole) + 1
        )
        days += steps
        left -= steps * a_day
    if left > 1e-9 * credit:
        days = inf  # below the first level nothing is paid
    view = release.ad_share * release.ad_income
    advertisers = credit if math.isinf(days) else min(days * release.tasks * view, credit)
    return Advertising(days, credit, advertisers if view > 0 else 0.0, reward, view)


def ads_of(scheme: Scheme, package: int) -> Advertising | None:
    """Who pays for the tasks of ``scheme``, if there are any."""
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, ScheduledRelease) and mechanism.rewards:
            return advertising(scheme, mechanism, package)
    return None


def daily_release(scheme: Scheme, package: int) -> float:
    """Yuan that one order is released on its first day, before a fee on withdrawals."""
    release = the(ScheduledRelease, scheme)
    credit = scheme.credits(release)[package]
    if release.rewards:
        return min(advertising(scheme, release, package).reward * release.tasks, credit)
    base = scheme.order.choices[package][0] if release.basis == "price" else credit
    return min(release.daily_rate * base, credit)


def queue_backing(scheme: Scheme, queue: RefundQueue) -> float:
    """The share of sales that can be paid to the queue: its pool, and what the platform keeps."""
    platform = scheme.split().get("platform", 0.0) if queue.rule != "pool" else 0.0
    return queue.share + platform


def queue_factor(scheme: Scheme, queue: RefundQueue) -> float:
    """At any time at most one order in so many has been refunded in full."""
    by_money = queue.refund / queue_backing(scheme, queue)
    by_rule = float(queue.newcomers) if queue.rule == "shared" else 1.0
    return max(by_money, by_rule, 1.0)


def queue_order(scheme: Scheme, queue: RefundQueue, place: int) -> float:
    """The order at which the one in ``place`` (1 = first) has been refunded."""
    by_money = math.ceil(place * queue.refund / queue_backing(scheme, queue) - 1e-9)
    by_rule = {
        "pool": place,
        "shared": queue.newcomers * place + 1,
        "own": place + queue.newcomers,
    }[queue.rule]
    return float(max(by_money, by_rule, place))


@dataclass(frozen=True)
class Territory:
    """A territory that an agent pays for."""

    level: str  # district, city or province
    price: float  # yuan
    rate: float  # share of the sales in it
    sales: float  # yuan to be sold there until the price is back


def territories(commission: Commission) -> tuple[Territory, ...]:
    """The territories that are sold, smallest first, each by its own part of the sales."""
    found, below = [], 0.0
    for level, sold in (
        ("district", commission.districts),
        ("city", commission.cities),
        ("province", commission.provinces),
    ):
        if not sold:
            continue
        price = getattr(commission, f"{level}_price")
        rate = getattr(commission, level) - below
        below = getattr(commission, level)
        if price > 0 and rate > 0:
            found.append(Territory(level, price, rate, price / rate))
    return tuple(found)


def commission_of(scheme: Scheme) -> Commission | None:
    """The scheme's commissions, if it has any."""
    found = scheme.first("commission")
    return found if isinstance(found, Commission) else None


def paying(scheme: Scheme) -> tuple[str, ...]:
    """The promises of what buyers are paid, without commissions."""
    return tuple(promise for promise in promises_of(scheme) if promise != "agents")


def speaks_of(judged: Offer) -> str:
    """Which sentences fit: a promise, ``circle``, ``several`` or ``nothing``."""
    scheme = judged.scheme
    found = paying(scheme)
    commission = commission_of(scheme)
    if judged.focus == "agents" or not found:
        if commission is not None and commission.circle > 0:
            return "circle"
        if commission is not None and commission.rate > 0:
            return "agents"
        if not found:
            return "nothing"
    return found[0] if len(found) == 1 else "several"


# -- Sentences ---------------------------------------------------------------------------------


def split_bar(
    scheme: Scheme, w: Words, *, dark: bool, spend: float | None = None, note: str = ""
) -> str:
    """One order's money as one bar of HTML: colour, position and word for every part."""
    lang = w.lang
    spend = scheme.order.spend if spend is None else spend
    split = scheme.split()
    order = ["pool", *RECIPIENTS]
    cells, rows = [], []
    colors = palette.roles(dark=dark)
    for name in order:
        share = split.get(name, 0.0)
        if share <= 0:
            continue
        color = colors[name]
        amount = yuan(share * spend, lang)
        cells.append(
            f'<span class="wp-cell" style="flex:{share:.6f} 1 0;background:{color}"></span>'
        )
        rows.append(
            f'<li><i style="background:{color}"></i>{escape(w(f"part.{name}"))} '
            f"<b>{escape(amount)}</b></li>"
        )
    described = escape(stated.tagged(w("split.alt", amount=yuan(spend, lang)), note, w))
    return (
        f'<figure class="wp-split"><figcaption>{described}</figcaption>'
        f'<div class="wp-bar" aria-hidden="true">{"".join(cells)}</div>'
        f'<ul class="wp-parts">{"".join(rows)}</ul></figure>'
    )


def card(scheme: Scheme, judged: Offer, w: Words, *, dark: bool = False) -> str:
    """The answer that needs no behaviour: the most one can get, what reaches the pool, who pays."""
    items = "".join(
        f'<div class="wp-fact"><p class="wp-figure">{escape(value)}</p><p>{escape(text)}</p></div>'
        for value, text in facts(judged, w)
    )
    # With a share open there is no one bar to draw.
    bar = ""
    if not judged.unsure:
        assumed = divides(judged)
        bar = split_bar(scheme, w, dark=dark, spend=judged.spend, note=noted(judged, assumed, w))
    return f'<div class="wp-card">{items}</div>{bar}'


def divides(judged: Offer) -> list[str]:
    """Keys of numbers that nobody has stated and by which the price is divided."""
    base, around = points(judged)
    split = base.scheme.split(), base.spend
    return [
        key
        for key, others in around.items()
        if any((each.scheme.split(), each.spend) != split for each in others)
    ]


def facts(judged: Offer, w: Words) -> tuple[tuple[str, str], ...]:
    """The figures of the card, each with its sentence.

    One that rests on what the reader could not state is not given; one that rests on a number of
    ours says so.
    """
    if not judged.unsure and not judged.ours:
        return _facts(judged, w)
    base, around = points(judged)
    others = {key: [_facts(each, w) for each in found] for key, found in around.items()}
    told = []
    for at, (value, text) in enumerate(_facts(base, w)):
        rests = [
            key
            for key, found in others.items()
            if any(len(each) <= at or each[at] != (value, text) for each in found)
        ]
        missing = [key for key in rests if key in judged.unsure]
        if missing:
            what = stated.labels(judged.chosen, missing, w)
            told.append((w("card.not_stated"), w("card.not_stated.text", what=what)))
        else:
            told.append((value, stated.tagged(text, noted(judged, rests, w), w)))
    return tuple(dict.fromkeys(told))


def _facts(judged: Offer, w: Words) -> tuple[tuple[str, str], ...]:
    what = speaks_of(judged)
    if what == "circle":
        return _circle_facts(judged, w)
    if what == "agents":
        return _agents_facts(judged, w)
    if what == "nothing":
        spend = yuan(judged.spend, w.lang)
        return ((yuan(0, w.lang), w("card.none.text", spend=spend)),)
    return (_most(judged, what, w), _reaches(judged, what, w), _payer(judged, what, w))


def _most(judged: Offer, what: str, w: Words) -> tuple[str, str]:
    lang = w.lang
    spend = yuan(judged.spend, lang)
    if judged.most is None:
        key = "card.no_limit.text" if what == "points" else "card.no_limit_other.text"
        return w("card.no_limit"), w(key, spend=spend)
    value = judged.most.text(lambda x: yuan(x, lang), w)
    if judged.most.high <= 0:
        return value, w("card.none.text", spend=spend)
    if what == "points":
        if judged.can_refund:
            return value, w("card.most.text", spend=spend)
        fee = percent(judged.scheme.pool.fee, lang)
        return value, w("card.most_short.text", spend=spend, fee=fee)
    if what == "daily":
        if at_once(judged):
            return value, w("card.most.once", spend=spend)
        a_day = a_day_text(judged, w)
        return value, w("card.most.daily", spend=spend, a_day=a_day)
    if what == "ads":
        return value, w("card.most.ads", spend=spend, reward=reward_text(judged, w))
    if what == "queue":
        return value, w("card.most.queue", spend=spend)
    if what == "dividends":
        return value, w("card.most.dividends", spend=spend)
    return value, w("card.most.several", spend=spend)


def at_once(judged: Offer) -> bool:
    """Whether all that is promised is released on one day."""
    return all(
        daily_release(scheme, judged.package)
        >= scheme.credits(the(ScheduledRelease, scheme))[judged.package] * (1 - 1e-9)
        for scheme in judged.schemes
    )


def never_whole(judged: Offer) -> bool:
    """Whether the rule promises less than the price, so that nobody was to have it all back."""
    return judged.most is not None and judged.most.high < judged.spend * (1 - 1e-9)


def a_day_text(judged: Offer, w: Words) -> str:
    """What is released on the first day, or its range."""
    span = Span.of(daily_release(scheme, judged.package) for scheme in judged.schemes)
    return span.text(lambda x: yuan(x, w.lang), w)


def reward_text(judged: Offer, w: Words) -> str:
    """What the first task pays."""
    found = (ads_of(scheme, judged.package) for scheme in judged.schemes)
    return Span.of(each.reward for each in found if each).text(lambda x: yuan(x, w.lang), w)


def _reaches(judged: Offer, what: str, w: Words) -> tuple[str, str]:
    spend = yuan(judged.spend, w.lang)
    value = judged.reaches.text(lambda x: yuan(x, w.lang), w)
    if what == "dividends":
        ranks = rank_part(judged, w)
        if ranks:
            return value, w("card.reaches.ranks", spend=spend, ranks=ranks)
        return value, w("card.reaches.dividends", spend=spend)
    if what == "several":
        return value, w("card.reaches.several", spend=spend)
    return value, w("card.reaches.text", spend=spend)


def rank_part(judged: Offer, w: Words) -> str:
    """What of one order goes to holders of a rank alone; empty if nothing does."""
    span = Span.of(
        sum(m.rank_share for m in scheme.mechanisms if isinstance(m, DividendPool)) * judged.spend
        for scheme in judged.schemes
    )
    return span.text(lambda x: yuan(x, w.lang), w) if span.high > 0 else ""


def _payer(judged: Offer, what: str, w: Words) -> tuple[str, str]:
    lang = w.lang
    if what == "daily":
        if judged.most is not None and judged.most.high <= judged.reaches.low * (1 + 1e-9):
            return w("card.payer.own"), w("card.payer.own.text")
        account = judged.scheme.platform.capital > 0
        return w("card.payer"), w("card.payer.daily_account" if account else "card.payer.daily")
    if what == "queue":
        return w("card.payer.queue"), w("card.payer.queue.text")
    if what == "dividends":
        return w("card.payer.dividends"), w("card.payer.dividends.text")
    if what == "ads":
        found = [ads_of(scheme, judged.package) for scheme in judged.schemes]
        parts = Span.of(each.buyers / each.credit for each in found if each)
        if parts.high <= 0:
            return w("card.payer.ads_alone"), w("card.payer.ads_alone.text")
        shown = parts.text(lambda x: percent(x, lang), w)
        return shown, w("card.payer.ads.text")
    if what == "several":
        return w("card.payer.several"), w("card.payer.several.text")
    if what == "agents":
        return w("card.payer.agents"), w("card.payer.agents.text")
    return w("card.payer"), w("card.payer.text")


def _circle_facts(judged: Offer, w: Words) -> tuple[tuple[str, str], ...]:
    lang = w.lang
    commission = the(Commission, judged.scheme)
    c = circle(judged.scheme, commission)
    return (
        (yuan(c.cash, lang), w("card.circle.cash", points=count_short(c.points, lang))),
        (yuan(c.goods, lang), w("card.circle.goods", listed=yuan(c.listed, lang))),
        (
            w("card.circle.payer"),
            w(
                "card.circle.payer.text",
                goods=yuan(c.goods, lang),
                shop=yuan(c.shop, lang),
                platform=yuan(c.platform, lang),
            ),
        ),
    )


#: The sentence about the price of each territory.
_SOLD = {
    "district": "card.agents.district",
    "city": "card.agents.city",
    "province": "card.agents.province",
}


def _agents_facts(judged: Offer, w: Words) -> tuple[tuple[str, str], ...]:
    lang = w.lang
    scheme = judged.scheme
    commission = the(Commission, scheme)
    spend = yuan(judged.spend, lang)
    budget = scheme.split().get("distribution", 0.0) * judged.spend
    cost = commission.rate * judged.spend
    first = (
        yuan(cost, lang),
        w("card.agents.cost", spend=spend, budget=yuan(budget, lang)),
    )
    sold = territories(commission)
    if sold:
        one = sold[0]
        second = (
            yuan_short(one.sales, lang),
            w(
                _SOLD[one.level],
                price=yuan_short(one.price, lang),
                rate=percent(one.rate, lang),
            ),
        )
    else:
        second = (
            yuan(commission.direct * judged.spend, lang),
            w("card.agents.direct", spend=spend),
        )
    return first, second, _payer(judged, "agents", w)


def headline(judged: Offer, w: Words) -> str:
    """The page's finding in a few plain sentences.

    None of them rests on what the reader could not state; one that rests on a number of ours says
    so.
    """
    if not judged.unsure and not judged.ours:
        return _headline(judged, w)
    base, around = points(judged)
    others = {
        key: [set(stated.sentences(_headline(each, w))) for each in found]
        for key, found in around.items()
    }
    told = []
    for sentence in stated.sentences(_headline(base, w)):
        rests = [key for key, found in others.items() if any(sentence not in x for x in found)]
        if not any(key in judged.unsure for key in rests):
            told.append(stated.tagged(sentence, noted(judged, rests, w), w))
    if judged.unsure:
        what = stated.labels(judged.chosen, judged.unsure, w)
        told.append(w("headline.not_stated", what=what))
    return stated.joined(told, w)


def _headline(judged: Offer, w: Words) -> str:
    lang = w.lang
    what = speaks_of(judged)
    spend = yuan(judged.spend, lang)

    def money(x: float) -> str:
        return yuan(x, lang)

    if what == "circle":
        return _circle_headline(judged, w)
    if what == "agents":
        return _agents_headline(judged, w)
    if what == "nothing":
        return w("headline.nothing", spend=spend)
    reaches = judged.reaches.text(money, w)
    if judged.most is None:
        key = "headline.no_limit" if what == "points" else "headline.no_limit_other"
        return w(key, spend=spend, reaches=reaches)
    most = judged.most.text(money, w)
    if judged.most.high <= 0:
        return w("headline.none", spend=spend, reaches=reaches)
    if what == "points":
        return w("headline.most", spend=spend, reaches=reaches, most=most)
    if what == "daily":
        if at_once(judged):
            return w("headline.once", spend=spend, reaches=reaches, most=most)
        a_day = a_day_text(judged, w)
        return w("headline.daily", spend=spend, reaches=reaches, most=most, a_day=a_day)
    if what == "ads":
        found = [ads_of(scheme, judged.package) for scheme in judged.schemes]
        part = Span.of(each.advertisers for each in found if each)
        if part.low >= judged.most.high:
            return w("headline.ads_enough", spend=spend, most=most)
        return w(
            "headline.ads",
            spend=spend,
            reaches=reaches,
            most=most,
            part=part.text(lambda x: money(significant(x)), w),
        )
    if what == "queue":
        return _queue_headline(judged, w, spend=spend, reaches=reaches, most=most)
    key = "headline.dividends" if what == "dividends" else "headline.several"
    return w(key, spend=spend, reaches=reaches, most=most)


def _queue_headline(judged: Offer, w: Words, **values: str) -> str:
    share = Span.of(1 / factor for factor in queue_factors(judged))
    if share.low >= 1:
        return w("headline.queue_enough", **values)
    shown = share.text(lambda x: percent(x, w.lang), w)
    queue = the(RefundQueue, judged.scheme)
    # What keeps it there: the money, or the rule that so many must follow.
    by_rule = judged.known and queue.rule == "shared" and share.low == 1 / queue.newcomers
    key = "headline.queue_rule" if by_rule else "headline.queue"
    return w(key, share=shown, **values)


def queue_factors(judged: Offer) -> list[float]:
    """:func:`queue_factor` at every corner."""
    return [queue_factor(scheme, the(RefundQueue, scheme)) for scheme in judged.schemes]


def _circle_headline(judged: Offer, w: Words) -> str:
    commission = the(Commission, judged.scheme)
    c = circle(judged.scheme, commission)
    return w(
        "headline.circle",
        spend=yuan(judged.spend, w.lang),
        points=count_short(c.points, w.lang),
        cash=yuan(c.cash, w.lang),
        goods=yuan(c.goods, w.lang),
    )


def _agents_headline(judged: Offer, w: Words) -> str:
    lang = w.lang
    commission = the(Commission, judged.scheme)
    budget = judged.scheme.split().get("distribution", 0.0)
    enough = budget >= commission.rate * (1 - 1e-9)
    return w(
        "headline.agents" if enough else "headline.agents_short",
        spend=yuan(judged.spend, lang),
        cost=yuan(commission.rate * judged.spend, lang),
        budget=yuan(budget * judged.spend, lang),
    )


def crowd_sentence(judged: Offer, w: Words) -> str:
    """How far the line must grow, with its assumption in the sentence."""
    lang = w.lang
    target = judged.one_target
    if target is None:
        what = w("crowd.target_unknown")
    elif judged.most is None:
        what = w("crowd.target_back", multiple=multiple(target, lang))
    else:
        what = w("crowd.target", multiple=multiple(target, lang))
    span = judged.crowd
    if math.isinf(span.low) or span.low > 1e15:
        return w("crowd.never", what=what)
    # "1 in 1" is said as everybody.
    every = everybody(span.low)
    if math.isinf(span.high) or span.high > 1e15:
        if every:
            return w("crowd.everybody_perhaps", what=what)
        return w("crowd.at_least", what=what, one_in=one_in(span.low, lang))
    if everybody(span.high):
        return w("crowd.everybody", what=what)
    if span.known:
        return w("crowd.one_in", what=what, one_in=one_in(span.low, lang))
    if every:
        return w("crowd.everybody_range", what=what, high=one_in(span.high, lang))
    return w("crowd.range", what=what, low=one_in(span.low, lang), high=one_in(span.high, lang))


def place_sentence(orders: float, w: Words) -> str:
    """A number of orders held against how many people live somewhere."""
    if orders == inf:
        return w("place.never")
    place = larger_than(orders)
    if place is None:
        return ""
    return w(
        "place.more_than",
        place=w(f"place.{place.id}"),
        people=count_short(place.people, w.lang),
    )
