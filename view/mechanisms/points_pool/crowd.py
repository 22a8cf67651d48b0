"""How far the line must grow until a late buyer of points is there. No Streamlit here."""

from __future__ import annotations

import math

from model.crowd import crowd_factor, order_reaching
from model.scheme import Scheme
from view.sentences.judged import Offer
from view.sentences.walk import walk
from view.words.format import everybody, multiple, one_in
from view.words.words import Words

#: Up to this many orders the line is played order by order; beyond, the closed forms serve.
PLAYED = 10_000


def target_of(scheme: Scheme) -> float:
    """The multiple of the price a buyer waits for: the forced exit, or the money back after fee."""
    multiple_ = scheme.pool.exit_multiple
    return multiple_ if multiple_ is not None else 1 / (1 - scheme.pool.fee)


def factor_of(scheme: Scheme) -> float:
    """The crowd factor with the exits that the rule itself forces."""
    forced = scheme.pool.exit_multiple is not None
    return crowd_factor(target_of(scheme), pool=scheme.pool, forced_exits=forced)


def orders_after(scheme: Scheme, place: int) -> float:
    """How many more orders until the buyer with ``place`` - 1 before them is there; may be inf.

    Nobody sells but those whom the rule forces out. Far down the line the closed form for nobody
    leaving is scaled by what forced exits do to the crowd factor.
    """
    pool, target = scheme.pool, target_of(scheme)
    alone = order_reaching(target, place=place, pool=pool)
    if pool.exit_multiple is None or math.isinf(alone) or place == 1:
        return alone - place
    if alone <= PLAYED:
        played = walk(scheme, upto=int(alone), buyer=place, sell=0)
        if played.left_at is not None:
            return float(played.left_at - place)
    return alone * factor_of(scheme) / crowd_factor(target, pool=pool) - place


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
