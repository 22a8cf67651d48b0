"""The answers in figures and sentences, for every page that gives them. No Streamlit here."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import inf
from typing import Any

from model.crowd import crowd_factor, order_reaching
from model.library import Place, Preset, places
from model.scheme import RECIPIENTS, Scheme, scheme_parameters
from view import palette
from view.format import count_short, multiple, one_in, percent, yuan
from view.walk import walk
from view.words import Words

#: What a reader may be unsure of, in the order of the questions.
UNSURE = (
    "points_pool.share",
    "points_pool.gift",
    "points_pool.fee",
    "points_pool.exit_multiple",
)


@dataclass(frozen=True)
class Span:
    """A figure, or the range it must lie in."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is only one value."""
        return self.low == self.high or abs(self.high - self.low) <= 1e-9 * abs(self.high)

    def text(self, show: Any, w: Words) -> str:
        """The figure, or "low to high"."""
        if self.known:
            return str(show(self.low))
        return w("span", low=show(self.low), high=show(self.high))


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What can be said of one offer before anybody does anything."""

    spend: float
    reaches: Span  # yuan of one order that go into the pool
    most: Span | None  # yuan one order can ever be paid, after the fee; None: no limit in the rule
    target: Span | None  # yuan of points at which that is paid
    crowd: Span  # all orders must multiply by this until a late buyer is there; inf: never
    one_target: float | None  # the multiple the crowd figure is about
    refunds: bool  # whether the most one order can be paid covers the price for sure
    can_refund: bool  # ... or at least may


def _variants(
    scheme: Scheme, preset: Preset, changes: Mapping[str, Any], unsure: Sequence[str]
) -> Iterator[Scheme]:
    """The scheme at every corner of what is not known."""
    if not unsure:
        yield scheme
        return
    known = scheme_parameters()
    ranges = [known[key].unsure or (0.0, 1.0) for key in unsure]
    for corner in itertools.product(*ranges):
        yield preset.scheme({**changes, **dict(zip(unsure, corner, strict=True))})


def offer(
    scheme: Scheme, preset: Preset, changes: Mapping[str, Any], unsure: Sequence[str] = ()
) -> Offer:
    """Judge an offer; ``unsure`` names parameters that are not known and give ranges."""
    corners = list(_variants(scheme, preset, changes, unsure))
    spend = scheme.order.spend
    reaches = [corner.pool.share * spend for corner in corners]
    limited = [corner for corner in corners if corner.most_paid is not None]
    most = [corner.most_paid or 0.0 for corner in limited]
    factors = []
    targets = []
    for corner in corners:
        target = _target(corner)
        targets.append(target * spend)
        factors.append(_crowd(corner))
    return Offer(
        spend=spend,
        reaches=Span(min(reaches), max(reaches)),
        most=Span(min(most), max(most)) if limited else None,
        target=Span(min(targets), max(targets)),
        crowd=Span(min(factors), max(factors)),
        one_target=_target(corners[0]) if len(corners) == 1 else None,
        refunds=not limited or min(most) >= spend * (1 - 1e-9),
        can_refund=not limited or max(most) >= spend * (1 - 1e-9),
    )


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


# -- sentences ---------------------------------------------------------------------------------


def split_bar(scheme: Scheme, w: Words, *, dark: bool) -> str:
    """One order's money as one bar of HTML: colour, position and word for every part."""
    lang, spend = w.lang, scheme.order.spend
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
    described = escape(w("split.alt", amount=yuan(spend, lang)))
    return (
        f'<figure class="wp-split"><figcaption>{described}</figcaption>'
        f'<div class="wp-bar" aria-hidden="true">{"".join(cells)}</div>'
        f'<ul class="wp-parts">{"".join(rows)}</ul></figure>'
    )


def card(scheme: Scheme, judged: Offer, w: Words, *, dark: bool = False) -> str:
    """The answer that needs no behaviour: the most one can get, what reaches the pool, who pays."""
    lang = w.lang
    spend = yuan(judged.spend, lang)

    def money(x: float) -> str:
        return yuan(x, lang)

    if judged.most is None:
        most_value, most_text = w("card.no_limit"), w("card.no_limit.text", spend=spend)
    else:
        most_value = judged.most.text(money, w)
        fee = percent(scheme.pool.fee, lang)
        if judged.can_refund:
            most_text = w("card.most.text", spend=spend)
        else:
            most_text = w("card.most_short.text", spend=spend, fee=fee)
    reaches = judged.reaches.text(money, w)
    facts = (
        (most_value, most_text),
        (reaches, w("card.reaches.text", spend=spend)),
        (w("card.payer"), w("card.payer.text")),
    )
    items = "".join(
        f'<div class="wp-fact"><p class="wp-figure">{escape(value)}</p><p>{escape(text)}</p></div>'
        for value, text in facts
    )
    # With the pool's share open there is no one bar to draw.
    bar = split_bar(scheme, w, dark=dark) if judged.reaches.known else ""
    return f'<div class="wp-card">{items}</div>{bar}'


def headline(judged: Offer, w: Words) -> str:
    """The page's finding in one plain sentence."""
    lang = w.lang
    spend = yuan(judged.spend, lang)

    def money(x: float) -> str:
        return yuan(x, lang)

    reaches = judged.reaches.text(money, w)
    if judged.most is None:
        return w("headline.no_limit", spend=spend, reaches=reaches)
    return w("headline.most", spend=spend, reaches=reaches, most=judged.most.text(money, w))


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
    if math.isinf(span.high) or span.high > 1e15:
        return w("crowd.at_least", what=what, one_in=one_in(span.low, lang))
    if span.known:
        return w("crowd.one_in", what=what, one_in=one_in(span.low, lang))
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
