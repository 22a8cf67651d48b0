"""What a run shows, in one sentence, and under which assumption. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from model.figures import figures, pays_for_itself
from model.library import real_case
from model.preset import Preset
from model.result import Result
from model.scheme import Mechanism, Scheme
from model.standing import standing, without_claim
from model.verdict import EVERYBODY
from view.sentences import case_words
from view.sentences.offered import offered
from view.sentences.said import Said, says
from view.words.format import (
    count,
    count_short,
    percent,
    quantity,
    significant,
    yuan,
    yuan_short,
)
from view.words.words import Words

M = TypeVar("M")

#: Less than this for all of them is nothing: what rounding leaves.
HALF_A_FEN = 0.005
#: More yuan than this for everybody on earth is more than there can be.
A_FORTUNE = 1e6


def only(scheme: Scheme) -> Mechanism | None:
    """What a scheme is, commissions aside where they come on top; None: several rules."""
    found = [each for each in scheme.mechanisms if not offered(each).on_top]
    first, *rest = found or scheme.mechanisms
    return None if any(each.kind != first.kind for each in rest) else first


def kind(scheme: Scheme) -> str:
    """What a scheme is to its reader.

    points, dividend, release, tasks, queue or commission if that is all there is (commissions may
    come on top of the others), else mixed.
    """
    main = only(scheme)
    return "mixed" if main is None else says(main).word(main)


def the(scheme: Scheme, wanted: type[M]) -> M:
    """The first mechanism of a kind; raises LookupError if there is none."""
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, wanted):
            return mechanism
    raise LookupError(f"{scheme.id} has no {wanted.__name__}")


def time(result: Result, w: Words) -> str:
    """How long the run was: days, or orders one by one; of one that stood still, until it did."""
    scheme, at = result.scheme, _halted_at(result)
    key = "format.days" if scheme.tick == "day" else "finding.orders"
    ticks = scheme.horizon
    if at is not None and not result.records:
        ticks = at - 1
    return w(key, n=count(ticks, w.lang))


def halted(result: Result, w: Words) -> str:
    """That nothing more happens from some day on, where the price left all bounds; else nothing."""
    at = _halted_at(result)
    if at is None:
        return ""
    key = "money.halted" if result.scheme.tick == "day" else "money.halted.order"
    return w(key, day=count(at, w.lang))


def _halted_at(result: Result) -> int | None:
    found = (says(m).halted_at(result) for m in result.scheme.mechanisms)
    return next((at for at in found if at is not None), None)


def together(w: Words, *sentences: str) -> str:
    """Sentences one after the other; those that are empty are left out."""
    return ("" if w.lang != "en" else " ").join(filter(None, sentences))


def headed(w: Words, first: str, *rest: str) -> str:
    """A finding: a heading of one sentence with at most two numbers, and the rest on a line below.

    What stands in front is ``first``'s own heading; whatever else is said is told below it.
    """
    heading, _, more = first.partition("\n")
    below = together(w, *(together(w, *said.split("\n")) for said in (more, *rest)))
    return "\n".join(filter(None, (heading, below)))


def listed(w: Words, parts: list[str]) -> str:
    """Parts of a sentence in a row, the last joined by "and"."""
    return w("list.and").join([*filter(None, [w("finding.list").join(parts[:-1])]), *parts[-1:]])


def spent(scheme: Scheme, w: Words) -> str:
    """What one buyer spent; an average where there are packages."""
    amount = yuan(scheme.order.mean_spend, w.lang)
    return w("finding.average", amount=amount) if scheme.order.packages else amount


def source_line(chosen: Preset, changes: Mapping[str, Any], w: Words) -> str:
    """What stands inside every picture: preset with revision, project."""
    if chosen.kind == "own":
        return w("source.preset", name=w("source.own"))
    return w("source.changed" if changes else "source.preset", name=chosen.reference)


def foot(scheme: Scheme, chosen: Preset, changes: Mapping[str, Any], w: Words) -> str:
    """Assumption and source, one line each, for the foot of a picture."""
    return f"{assumption(scheme, w)}<br>{source_line(chosen, changes, w)}"


def assumption(scheme: Scheme, w: Words) -> str:
    """What people are assumed to do, and what no rule says, in one short sentence."""
    said = _assumed(scheme, w)
    if real_case(scheme) is None:
        return said
    limits = w("case.assume", spend=case_words.order(scheme, w))
    return together(w, said, case_words.assumed(scheme, w), limits)


def _assumed(scheme: Scheme, w: Words) -> str:
    main = only(scheme)
    told = says(main).assumed(scheme, w) if main is not None else ""
    told = told or w("assume.list", parts=listed(w, _conditions(scheme, w)))
    also = _also(scheme, w)
    return w("assume.also", said=told, parts=w("list.and").join(also)) if also else told


def conditions(scheme: Scheme, w: Words) -> str:
    """The same as a part of a sentence: what must hold for what follows it."""
    main = only(scheme)
    parts = says(main).must(scheme, w) if main is not None else []
    told = listed(w, parts or _conditions(scheme, w))
    also = _also(scheme, w)
    return w("press.also", said=told, parts=w("list.and").join(also)) if also else told


def _conditions(scheme: Scheme, w: Words) -> list[str]:
    """What is assumed where points are not all there is."""
    lang = w.lang
    parts = []
    leaves = scheme.behaviour.sell_share
    main = only(scheme)
    sells = [each for m in scheme.mechanisms if (each := says(m).sells(scheme, w))]
    if sells:
        parts.append(sells[0])
    elif main is None or not offered(main).on_top:
        parts.append(
            w("assume.gives_up", share=percent(leaves, lang)) if leaves else w("assume.stays")
        )
    if _recruits(scheme):
        parts.append(w("assume.recruits"))
    for mechanism in scheme.mechanisms:
        parts += says(mechanism).share(mechanism, w)
    if not parts:
        parts.append(
            w("assume.orders", n=quantity(scheme.demand.orders_per_tick, lang, short=True))
        )
    return parts


def _recruits(scheme: Scheme) -> bool:
    """Whether it matters who brought whom."""
    return any(
        getattr(mechanism, name, 0) > 0
        for mechanism in scheme.mechanisms
        for name in (
            "referral_rate",
            "first_generation",
            "second_generation",
            "advance",
            "direct",
            "indirect",
        )
    )


def _also(scheme: Scheme, w: Words) -> list[str]:
    """What else is set that a reader of the picture must know."""
    stop = scheme.demand.stop_tick
    also = [] if stop is None else [w("assume.stop", day=count(stop, w.lang))]
    return also + [each for m in scheme.mechanisms for each in says(m).also(scheme, w)]


def about(x: float, lang: str) -> str:
    """Yuan rounded as people say it: three digits."""
    return yuan(significant(x), lang)


def finding(result: Result, w: Words) -> str:
    """The finding of a run, see :func:`headed`."""
    said, beyond = _said(result, w), _beyond(result, w)
    return together(w, said, beyond) if "\n" in said else headed(w, said, beyond)


def _said(result: Result, w: Words) -> str:
    if not result.totals["buyers"]:
        return w("finding.no_orders")
    if real_case(result.scheme) is not None:
        return case_words.led(result.scheme, _of_case(result, w), w)
    if pays_for_itself(result):
        return _kept_by_itself(result, w)
    main = only(result.scheme)
    return _mixed(result, w) if main is None else says(main).finding(result, w)


def _of_case(result: Result, w: Words) -> str:
    """The money of a real case's rules in the model; nobody is counted as paid."""
    totals, lang = result.totals, w.lang
    said = w(
        "case.run",
        time=time(result, w),
        orders=count_short(totals["buyers"], lang),
        spend=case_words.order(result.scheme, w),
        spent=yuan_short(totals["spent"], lang),
        received=yuan_short(totals["received"], lang),
        held=yuan_short(totals["held"], lang),
    )
    return together(w, said, broke(result, w) or w("case.kept"))


def _beyond(result: Result, w: Words) -> str:
    """What no world holds: more buyers than people, more money than anybody could spend."""
    totals, lang = result.totals, w.lang
    people = count_short(EVERYBODY, lang)
    said = []
    # An order of a real case is a sum of money there and no person.
    if totals["buyers"] > EVERYBODY and real_case(result.scheme) is None:
        said.append(w("finding.beyond.people", people=people))
    price = max(says(m).price(result) for m in result.scheme.mechanisms)
    if max(totals["spent"], totals["held"], totals["pool"], price) > A_FORTUNE * EVERYBODY:
        said.append(w("finding.beyond.money", fortune=yuan_short(A_FORTUNE, lang), people=people))
    return together(w, *said)


def _kept_by_itself(result: Result, w: Words) -> str:
    """Every order brought what it is paid."""
    found, lang = figures(result), w.lang
    return headed(
        w,
        w(
            "finding.sound",
            time=time(result, w),
            buyers=count_short(found["buyers"], lang),
            received=yuan_short(found["received"], lang),
            most=yuan(found["most"], lang),
            spend=yuan(found["spend"], lang),
        ),
        without(result, w),
    )


def counted(result: Result) -> dict[str, int]:
    """Orders of a points pool or a queue by how they fared, whole and adding up to all of them.

    even: paid at least the price, less: paid all they will ever be, and less; of a queue left:
    refunded, or their turn has come, gone: gave up before that. used: have used or swapped their
    points. nothing: were given nothing to wait for. waiting: all others.
    """
    main = only(result.scheme)
    parts = says(main).counted(result) if main is not None else None
    return whole(_counted(result) if parts is None else parts)


def _counted(result: Result) -> dict[str, float]:
    totals = result.totals
    buyers, left, nothing = totals["buyers"], totals["left"], float(without_claim(result).sum())
    even = min(totals["even"], left)
    parts = {"even": even, "less": left - even, "nothing": nothing}
    parts["waiting"] = totals["holders"]
    parts["used"] = buyers - sum(parts.values())
    return parts


def whole(parts: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers that add up to what the parts do together (largest remainders)."""
    found = {name: int(max(part, 0.0)) for name, part in parts.items()}
    left = round(sum(parts.values())) - sum(found.values())
    for name in sorted(parts, key=lambda name: found[name] - parts[name])[: max(left, 0)]:
        found[name] += 1
    return found


def without(result: Result, w: Words) -> str:
    """How many no rule gave anything to wait for; empty if there are none."""
    n = round(float(without_claim(result).sum()))
    if not n:
        return ""
    main = only(result.scheme)
    key = Said.without if main is None else says(main).without
    return w(key, nothing=count_short(n, w.lang))


# -- what several rules say alike -------------------------------------------------------------


def even(result: Result, w: Words) -> str:
    """How many have been paid at least what they spent."""
    totals, lang = result.totals, w.lang
    common = {"time": time(result, w), "buyers": count_short(totals["buyers"], lang)}
    even = round(totals["even"])
    if not even:
        return headed(w, w("finding.even_none", **common), best(result, w))
    return w("finding.even", even=count_short(even, lang), **common)


def best(result: Result, w: Words) -> str:
    """What was paid back to those who fared best, where nobody has all; empty if nothing was."""
    part = standing(result).best
    return w("finding.best", best=percent(part, w.lang)) if 0 < part < 1 else ""


def typical(result: Result) -> tuple[int, float, int, float]:
    """(day, yuan each was paid) of the first buyers, and of those in the middle of the line."""
    cohorts = result.cohorts
    each = (cohorts["received"] / cohorts["buyers"]).to_numpy()
    upto = cohorts["buyers"].cumsum().to_numpy()
    middle = int(np.searchsorted(upto, upto[-1] / 2))
    days_ = cohorts.index.to_numpy()
    return int(days_[0]), float(each[0]), int(days_[middle]), float(each[middle])


def returns(result: Result, w: Words) -> str:
    """How many were paid their price, and what the first and those in the middle were paid."""
    lang = w.lang
    first_day, first, day, middle = typical(result)
    later = {"day": count(day, lang), "middle": about(middle, lang)}
    return headed(
        w,
        even(result, w),
        w(
            "finding.typical" if day > first_day else "finding.typical_one",
            first_day=count(first_day, lang),
            first=about(first, lang),
            spend=spent(result.scheme, w),
            **(later if day > first_day else {}),
        ),
        without(result, w),
    )


def _mixed(result: Result, w: Words) -> str:
    return headed(w, returns(result, w), broke(result, w))


def broke(result: Result, w: Words) -> str:
    """When a fixed promise was not kept, and what was done then; empty if all were."""
    broken, lang = result.broken, w.lang
    if broken is None:
        return ""
    numbers = {
        "day": count(broken.tick, lang),
        "owed": yuan_short(broken.owed, lang),
        "orders": count_short(round(broken.orders), lang),
    }
    if result.scheme.platform.policy == "stop":
        return w("finding.broken.stop", **numbers)
    since, short, none = days_short(result)
    of = {"since": count(since, lang)}
    said = [w("finding.broken.first", **numbers)]
    for mechanism in result.scheme.mechanisms:
        said += says(mechanism).stricter(result, w, since=since, none=none)
    if short == since:
        said.append(w("finding.broken.cut_all"))
    elif short:
        said.append(w("finding.broken.cut", short=count(short, lang), **of))
    return headed(w, *said)


def days_short(result: Result) -> tuple[int, int, int]:
    """(days, of them with less paid than was due, with nothing paid), since the first of them.

    What was due is after a fee and a smallest withdrawal that were raised. Of the rules that
    promise fixed sums.
    """
    if result.broken is None:
        return 0, 0, 0
    start = result.broken.tick - 1
    due = {
        mechanism.name: part[start:]
        for mechanism in result.scheme.mechanisms
        if (part := says(mechanism).part_paid(result)) is not None
    }
    factors = np.array([*due.values()])
    paid = sum(r.paid_out[start:] for r in result.records if r.name in due)
    return (
        result.ticks - start,
        int(np.count_nonzero((factors < 1.0).any(axis=0))),
        int(np.count_nonzero(paid < HALF_A_FEN)),
    )


def kept(result: Result, w: Words) -> str:
    """That all promises were kept, with what is still promised and what there is for it."""
    totals, lang = result.totals, w.lang
    return w(
        "finding.kept",
        received=yuan_short(totals["received"], lang),
        held=yuan_short(totals["held"], lang),
        pool=yuan_short(totals["pool"], lang),
    )


def besides(result: Result, w: Words) -> str:
    """What commissions came on top of the other rules; empty if there are none."""
    main = only(result.scheme)
    if not result.totals["buyers"] or (main is not None and offered(main).on_top):
        return ""
    return together(w, *(says(m).besides(result, w) for m in result.scheme.mechanisms))
