"""The answers in figures and sentences, for every page that gives them. No Streamlit here."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from math import inf
from typing import Any

from model.figures import taken, usual_package
from model.library import Place, places, preset, presets
from model.preset import Preset, SchemeError
from model.scheme import RECIPIENTS, Mechanism, Scheme, scheme_parameters
from view import palette
from view.sentences import stated
from view.sentences.judged import Offer, Span
from view.sentences.offered import Fact, Offered, offered
from view.words.format import count_short, yuan
from view.words.words import Words

# -- What was promised -------------------------------------------------------------------------

#: What a reader may have been promised, in the order of the buttons.
PROMISES = ("points", "daily", "queue", "dividends", "ads", "agents", "cashback", "several")


def promise_of(mechanism: Mechanism) -> str:
    """What a mechanism promises, as one of :data:`PROMISES`."""
    return offered(mechanism).promise(mechanism)


def promises_of(scheme: Scheme) -> tuple[str, ...]:
    """What a scheme promises, each once, the main one first."""
    return tuple(dict.fromkeys(promise_of(mechanism) for mechanism in scheme.mechanisms))


def main_promise(chosen: Preset) -> str:
    """The button a preset stands under."""
    if chosen.kind == "sound":
        return "cashback"
    scheme = chosen.scheme()
    if chosen.kind == "own":
        found = promises_of(scheme)
        return found[0] if len(found) == 1 else "several"
    main = (each for each in scheme.mechanisms if each.kind == chosen.family)
    return promise_of(next(main, scheme.mechanisms[0]))


@lru_cache(maxsize=16)
def presets_of(promise: str) -> tuple[str, ...]:
    """The presets that make this promise; every advertised one where nobody is sure."""
    if promise == "cashback":
        return tuple(presets(kind="sound"))
    names = presets(kind="advertised")
    if promise == "several":
        return tuple(names)
    if promise == "agents":
        return tuple(name for name in names if "agents" in promises_of(preset(name).scheme()))
    return tuple(name for name in names if main_promise(preset(name)) == promise)


#: At most so many numbers may be open at a time: each doubles what has to be worked out.
MOST_UNSURE = 4
#: More questions than this are nobody's patience.
MOST_QUESTIONS = 8


def questions(scheme: Scheme, focus: str) -> tuple[str, ...]:
    """Keys of the numbers to ask for: what changes the answer, and nothing else."""
    return _all_questions(scheme, focus)[:MOST_QUESTIONS]


def _all_questions(scheme: Scheme, focus: str) -> tuple[str, ...]:
    if focus == "cashback":
        # Only how much comes back: out of what, is the shop's affair.
        return tuple(f"{m.name}.{offered(m).own_order[0]}" for m in scheme.mechanisms[:1])
    asked: list[str] = []
    seen: set[str] = set()
    for mechanism in scheme.mechanisms:
        promise, speaker = promise_of(mechanism), offered(mechanism)
        if (focus == "agents") != speaker.on_top and focus != "several":
            continue
        # Of a second pool of the same kind only how much goes into it.
        names = ("share",) if promise in seen else speaker.questions(mechanism)
        seen.add(promise)
        asked += [*(f"{mechanism.name}.{name}" for name in names), *speaker.beside]
    return tuple(asked)


# -- Judging an offer --------------------------------------------------------------------------


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
    waits = [found for corner in corners if (found := _waited_for(corner)) is not None]
    targets = [target for target, _ in waits]
    covers = [limit >= spend * (1 - 1e-9) for limit in limited]
    return Offer(
        schemes=corners,
        focus=focus or main_promise(chosen),
        package=package,
        spend=spend,
        reaches=Span.of(taken(corner) * spend for corner in corners),
        most=Span.of(limited) if limited else None,
        target=Span.of(target * spend for target in targets) if targets else None,
        crowd=Span.of(factor for _, factor in waits) if waits else Span(inf, inf),
        one_target=targets[0] if len(targets) == 1 else None,
        refunds=all(covers),
        can_refund=not covers or any(covers) or len(limited) < len(limits),
        chosen=chosen,
        changes=changes,
        unsure=unsure,
        ranged=ranged,
        mine=mine,
        ours=tuple(
            dict.fromkeys(
                (
                    *(() if priced else ("order.spend",)),
                    *(k for k in _assumed(scheme, chosen, changes, mine=mine) if k not in unsure),
                )
            )
        ),
    )


def _waited_for(scheme: Scheme) -> tuple[float, float] | None:
    found = (offered(mechanism).waited_for(scheme) for mechanism in scheme.mechanisms)
    return next((each for each in found if each is not None), None)


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


def larger_than(orders: float) -> Place | None:
    """The largest place whose people are fewer than ``orders``."""
    fitting = [place for place in places() if place.people < orders]
    return fitting[-1] if fitting else None


# -- Who speaks of it --------------------------------------------------------------------------


def paying(scheme: Scheme) -> tuple[str, ...]:
    """The promises of what buyers are paid, without commissions."""
    return tuple(payers(scheme))


def payers(scheme: Scheme) -> dict[str, Offered]:
    """Who speaks for each promise of what buyers are paid, the main one first."""
    found = [(promise_of(each), offered(each)) for each in scheme.mechanisms]
    return {promise: speaker for promise, speaker in found if not speaker.on_top}


#: What is spoken of that sells nothing by itself, and has no line of buyers.
NO_GOODS = frozenset({"circle", "agents", "nothing"})


def speaks_of(judged: Offer) -> str:
    """Which sentences fit: a promise, ``circle``, ``several`` or ``nothing``."""
    return speaker(judged)[0]


def speaker(judged: Offer) -> tuple[str, Offered]:
    """Which sentences fit, as :func:`speaks_of`, and who says them."""
    found = payers(judged.scheme)
    if judged.focus == "agents" or not found:
        top = next((each for each in judged.scheme.mechanisms if offered(each).on_top), None)
        if top is not None and (what := offered(top).speaks(top)):
            return what, offered(top)
    if not found:
        return "nothing", Offered()
    return next(iter(found.items())) if len(found) == 1 else ("several", Offered())


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


def card(judged: Offer, w: Words) -> str:
    """The answer that needs no behaviour: the most one can get, what reaches the pool, who pays."""
    items = "".join(
        f'<div class="wp-fact"><p class="wp-figure">{escape(value)}</p><p>{escape(text)}</p></div>'
        for value, text in facts(judged, w)
    )
    return f'<div class="wp-card">{items}</div>'


def split(judged: Offer, w: Words, *, dark: bool) -> str:
    """Where the price goes, as a bar; nothing where a share of it is not stated."""
    if judged.unsure:
        return ""
    note = noted(judged, divides(judged), w)
    return split_bar(judged.scheme, w, dark=dark, spend=judged.spend, note=note)


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
    if not judged.unsure and (not judged.ours or judged.chosen.kind == "sound"):
        # Of a sound programme all numbers are ours: that is said once, with the answer.
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


def _facts(judged: Offer, w: Words) -> tuple[Fact, ...]:
    what, says = speaker(judged)
    if what == "nothing":
        spend = yuan(judged.spend, w.lang)
        return ((yuan(0, w.lang), w("card.none.text", spend=spend)),)
    if judged.focus == "cashback" and judged.most is not None and judged.refunded_by_itself:
        back, spend = judged.most.text(lambda x: yuan(x, w.lang), w), yuan(judged.spend, w.lang)
        return (
            (back, w("card.cash_back.text", spend=spend)),
            (w("card.cash_back.payer"), w("card.cash_back.payer.text")),
        )
    return says.facts(judged, w)


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
    what, says = speaker(judged)
    if what == "nothing":
        return w("headline.nothing", spend=yuan(judged.spend, w.lang))
    return says.headline(judged, w)


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
