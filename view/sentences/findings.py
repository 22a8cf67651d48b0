"""What a run shows, in one sentence, and under which assumption. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from model.figures import Circle, by_turn, figures, pays_for_itself, refunded_part
from model.figures import circle as circle_of
from model.library import Preset, real_case
from model.mechanisms import Commission, DividendPool, RefundQueue, ScheduledRelease
from model.result import Result
from model.scheme import Scheme
from model.standing import standing, without_claim
from view.sentences import case_words
from view.sentences.takes import EVERYBODY
from view.words.format import (
    count,
    count_short,
    days,
    multiple,
    odds,
    percent,
    quantity,
    significant,
    yuan,
    yuan_short,
)
from view.words.words import Words

Found = TypeVar("Found", Commission, DividendPool, RefundQueue, ScheduledRelease)
#: The pace of a queue is what it was over the last so many days.
PACE = 30
#: Less than this for all of them is nothing: what rounding leaves.
HALF_A_FEN = 0.005
#: More yuan than this for everybody on earth is more than there can be.
A_FORTUNE = 1e6


def kind(scheme: Scheme) -> str:
    """What a scheme is to its reader.

    points, dividend, release, tasks, queue or commission if that is all there is (commissions may
    come on top of the others), else mixed.
    """
    kinds = {m.kind for m in scheme.mechanisms if m.kind != "commission"}
    if not kinds:
        return "commission"
    if len(kinds) > 1:
        return "mixed"
    only = kinds.pop()
    if only == "scheduled_release":
        release = scheme.first("scheduled_release")
        tasks = isinstance(release, ScheduledRelease) and release.rewards
        return "tasks" if tasks else "release"
    return {"points_pool": "points", "dividend_pool": "dividend", "refund_queue": "queue"}[only]


def the(scheme: Scheme, wanted: type[Found]) -> Found:
    """The first mechanism of a kind; raises LookupError if there is none."""
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, wanted):
            return mechanism
    raise LookupError(f"{scheme.id} has no {wanted.__name__}")


def time(result: Result, w: Words) -> str:
    """How long the run was: days, or orders one by one; of one that stood still, until it did."""
    scheme, engine = result.scheme, result.engines.points
    key = "format.days" if scheme.tick == "day" else "finding.orders"
    ticks = scheme.horizon
    if engine is not None and engine.halted_at is not None and not result.records:
        ticks = engine.halted_at - 1
    return w(key, n=count(ticks, w.lang))


def halted(result: Result, w: Words) -> str:
    """That nothing more happens from some day on, where the price left all bounds; else nothing."""
    engine = result.engines.points
    if engine is None or engine.halted_at is None:
        return ""
    key = "money.halted" if result.scheme.tick == "day" else "money.halted.order"
    return w(key, day=count(engine.halted_at, w.lang))


def together(w: Words, *sentences: str) -> str:
    """Sentences one after the other; those that are empty are left out."""
    return ("" if w.lang != "en" else " ").join(filter(None, sentences))


def listed(w: Words, parts: list[str]) -> str:
    """Parts of a sentence in a row, the last joined by "and"."""
    return w("list.and").join([*filter(None, [w("finding.list").join(parts[:-1])]), *parts[-1:]])


def spent(scheme: Scheme, w: Words) -> str:
    """What one buyer spent; an average where there are packages."""
    amount = yuan(scheme.order.mean_spend, w.lang)
    return w("finding.average", amount=amount) if scheme.order.packages else amount


def _sellers(scheme: Scheme, w: Words) -> list[str]:
    """Who sells of their own accord."""
    behaviour = scheme.behaviour
    lang = w.lang
    parts = []
    if behaviour.sell_share > 0:
        parts.append(w("assume.sell", share=percent(behaviour.sell_share, lang)))
    if behaviour.take_profit is not None:
        parts.append(
            w(
                "assume.take",
                share=percent(behaviour.take_profit_share, lang),
                multiple=multiple(behaviour.take_profit, lang),
            )
        )
    if behaviour.panic_growth is not None and behaviour.panic_share > 0:
        parts.append(
            w(
                "assume.panic",
                share=percent(behaviour.panic_share, lang),
                growth=percent(behaviour.panic_growth, lang),
            )
        )
    return parts


def _assumed_of_points(scheme: Scheme, w: Words) -> str:
    """Who is assumed to sell points."""
    parts = _sellers(scheme, w)
    if parts:
        said = w("assume.list", parts=w("list.and").join(parts))
    else:
        forced = scheme.pool.exit_multiple is not None
        said = w("assume.forced_only" if forced else "assume.nobody")
    also = _also_set(scheme, w)
    return w("assume.also", said=said, parts=w("list.and").join(also)) if also else said


def _also_set(scheme: Scheme, w: Words) -> list[str]:
    """What else is set that a reader of the picture must know."""
    pool, lang = scheme.pool, w.lang
    parts = []
    parts += _stops(scheme, w)
    if pool.redeem_share > 0:
        parts.append(w("assume.redeem", share=percent(pool.redeem_share, lang)))
    if pool.swap_share > 0:
        parts.append(w("assume.swap", share=percent(pool.swap_share, lang)))
    if pool.outside:
        amount = sum(amount for _, amount in pool.outside)
        parts.append(w("assume.outside", amount=yuan_short(amount, lang)))
    if pool.debt > 0:
        parts.append(w("assume.debt", amount=yuan_short(pool.debt, lang)))
    if pool.issue_cap is not None:
        parts.append(w("assume.cap", points=count_short(pool.issue_cap, lang)))
    return parts


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
    if kind(scheme) == "points":
        return _assumed_of_points(scheme, w)
    said = w("assume.list", parts=listed(w, _conditions(scheme, w)))
    also = _also_set(scheme, w) if scheme.points_pool is not None else _stops(scheme, w)
    return w("assume.also", said=said, parts=w("list.and").join(also)) if also else said


def conditions(scheme: Scheme, w: Words) -> str:
    """The same as a part of a sentence: what must hold for what follows it."""
    if kind(scheme) == "points":
        forced = scheme.pool.exit_multiple is not None
        nobody = w("assume.stays_in" if forced else "press.nobody_sells")
        parts = _sellers(scheme, w) or [nobody]
    else:
        parts = _conditions(scheme, w)
    also = _also_set(scheme, w) if scheme.points_pool is not None else _stops(scheme, w)
    said = listed(w, parts)
    return w("press.also", said=said, parts=w("list.and").join(also)) if also else said


def _conditions(scheme: Scheme, w: Words) -> list[str]:
    """What is assumed where points are not all there is."""
    lang = w.lang
    parts = []
    leaves = scheme.behaviour.sell_share
    if scheme.points_pool is not None:
        parts.append(_sells(scheme, w))
    elif kind(scheme) != "commission":
        parts.append(
            w("assume.gives_up", share=percent(leaves, lang)) if leaves else w("assume.stays")
        )
    if _recruits(scheme):
        parts.append(w("assume.recruits"))
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, ScheduledRelease | RefundQueue):
            parts.append(w("assume.share", share=percent(mechanism.share, lang)))
        if isinstance(mechanism, DividendPool) and mechanism.rank_share > 0:
            reached = percent(mechanism.rank_reached[0], lang)
            parts.append(w("assume.ranks", share=reached))
        if isinstance(mechanism, Commission) and mechanism.circle > 0:
            parts.append(w("assume.circle", share=percent(mechanism.circle, lang)))
    if not parts:
        parts.append(
            w("assume.orders", n=quantity(scheme.demand.orders_per_tick, lang, short=True))
        )
    return parts


def _sells(scheme: Scheme, w: Words) -> str:
    """Who sells points or gives up, as a part of a sentence."""
    said = [*_sellers(scheme, w)]
    if said:
        return w("list.and").join(said)
    return w("assume.stays_in" if scheme.pool.exit_multiple is not None else "assume.stays")


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


def _stops(scheme: Scheme, w: Words) -> list[str]:
    stop = scheme.demand.stop_tick
    return [] if stop is None else [w("assume.stop", day=count(stop, w.lang))]


def about(x: float, lang: str) -> str:
    """Yuan rounded as people say it: three digits."""
    return yuan(significant(x), lang)


def finding(result: Result, w: Words) -> str:
    """The finding of a run in one sentence (or two) with its numbers."""
    return together(w, _said(result, w), _beyond(result, w))


def _said(result: Result, w: Words) -> str:
    if not result.totals["buyers"]:
        return w("finding.no_orders")
    if real_case(result.scheme) is not None:
        return case_words.led(result.scheme, _of_case(result, w), w)
    if pays_for_itself(result):
        return _kept_by_itself(result, w)
    say = {
        "points": _points,
        "dividend": _returns,
        "mixed": _mixed,
        "release": _release,
        "tasks": _tasks,
        "queue": _queue,
        "commission": _commission,
    }
    return say[kind(result.scheme)](result, w)


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
    engine = result.engines.points
    price = engine.price if engine is not None else 0.0
    if max(totals["spent"], totals["held"], totals["pool"], price) > A_FORTUNE * EVERYBODY:
        said.append(w("finding.beyond.money", fortune=yuan_short(A_FORTUNE, lang), people=people))
    return together(w, *said)


def _kept_by_itself(result: Result, w: Words) -> str:
    """Every order brought what it is paid."""
    found, lang = figures(result), w.lang
    return together(
        w,
        w(
            "finding.sound",
            time=time(result, w),
            buyers=count_short(found["buyers"], lang),
            received=yuan_short(found["received"], lang),
            most=yuan(found["most"], lang),
            spend=yuan(found["spend"], lang),
        ),
        _without(result, w),
    )


def counted(result: Result) -> dict[str, int]:
    """Orders of a points pool or a queue by how they fared, whole and adding up to all of them.

    even: paid at least the price, less: paid all they will ever be, and less; of a queue left:
    refunded, or their turn has come, gone: gave up before that. used: have used or swapped their
    points. nothing: were given nothing to wait for. waiting: all others.
    """
    totals = result.totals
    buyers, left, nothing = totals["buyers"], totals["left"], float(without_claim(result).sum())
    queue = result.engines.queue
    if kind(result.scheme) == "queue" and queue is not None:
        parts = {"left": left, "nothing": nothing, "waiting": totals["holders"]}
        if by_turn(result):
            parts |= {"left": queue.turned, "waiting": queue.in_line}
        parts["gone"] = buyers - sum(parts.values())
    else:
        even = min(totals["even"], left)
        parts = {"even": even, "less": left - even, "nothing": nothing}
        parts["waiting"] = totals["holders"]
        parts["used"] = buyers - sum(parts.values())
    return whole(parts)


def whole(parts: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers that add up to what the parts do together (largest remainders)."""
    found = {name: int(max(part, 0.0)) for name, part in parts.items()}
    left = round(sum(parts.values())) - sum(found.values())
    for name in sorted(parts, key=lambda name: found[name] - parts[name])[: max(left, 0)]:
        found[name] += 1
    return found


def _without(result: Result, w: Words) -> str:
    """How many no rule gave anything to wait for; empty if there are none."""
    n = round(float(without_claim(result).sum()))
    if not n:
        return ""
    keys = {"points": "finding.without.points", "dividend": "finding.without.dividend"}
    key = keys.get(kind(result.scheme), "finding.without.any")
    return w(key, nothing=count_short(n, w.lang))


def _points(result: Result, w: Words) -> str:
    parts = counted(result)
    less = best(result, w) if parts["less"] and not parts["even"] else ""
    return together(w, _of_points(result, w, parts), less, _without(result, w))


def _of_points(result: Result, w: Words, parts: Mapping[str, int]) -> str:
    scheme, lang, totals = result.scheme, w.lang, result.totals
    buyers = totals["buyers"]
    spend = yuan(scheme.order.spend, lang)
    holders, even, less, used = (parts[name] for name in ("waiting", "even", "less", "used"))
    left = even + less
    # Others may hold points too: what counts is what the waiting buyers' own points are worth.
    each = about(totals["held"] / totals["holders"], lang) if holders else ""
    common = {
        "buyers": count_short(buyers, lang),
        "time": time(result, w),
        "spend": spend,
    }
    if used:
        return w(
            "finding.used",
            left=count_short(left, lang),
            even=count_short(even, lang),
            used=count_short(used, lang),
            waiting=count_short(holders, lang),
            each=each or yuan(0, lang),
            **common,
        )
    if not holders:
        return w(
            "finding.all_left",
            even=count_short(even, lang),
            less=count_short(less, lang),
            pool=yuan_short(totals["pool"], lang),
            **common,
        )
    if not left:
        return w("finding.nobody", each=each, **common)
    if totals["left"] - totals["forced"] < 0.5:
        return w(
            "finding.forced",
            left=count_short(left, lang),
            one_in=odds(buyers / left, lang),
            paid=yuan(scheme.most_paid or 0.0, lang),
            each=each,
            **common,
        )
    return w(
        "finding.mixed" if even else "finding.mixed_none",
        **({"even": count_short(even, lang)} if even else {}),
        less=count_short(less, lang),
        waiting=count_short(holders, lang),
        each=each,
        **common,
    )


# -- the other rules -------------------------------------------------------------------------


def _even(result: Result, w: Words) -> str:
    """How many have been paid at least what they spent."""
    totals, lang = result.totals, w.lang
    common = {"time": time(result, w), "buyers": count_short(totals["buyers"], lang)}
    even = round(totals["even"])
    if not even:
        return together(w, w("finding.even_none", **common), best(result, w))
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


def _returns(result: Result, w: Words) -> str:
    lang = w.lang
    first_day, first, day, middle = typical(result)
    later = {"day": count(day, lang), "middle": about(middle, lang)}
    return together(
        w,
        _even(result, w),
        w(
            "finding.typical" if day > first_day else "finding.typical_one",
            first_day=count(first_day, lang),
            first=about(first, lang),
            spend=spent(result.scheme, w),
            **(later if day > first_day else {}),
        ),
        _without(result, w),
    )


def _mixed(result: Result, w: Words) -> str:
    return together(w, _returns(result, w), broke(result, w))


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
    platform, release = result.scheme.platform, result.engines.release
    if platform.policy == "stop":
        return w("finding.broken.stop", **numbers)
    since, short, none = days_short(result)
    of = {"since": count(since, lang)}
    said = [w("finding.broken.first", **numbers)]
    if platform.policy == "raise_fee" and release is not None:
        if release.fee > platform.withdrawal_fee:
            said.append(w("finding.broken.raise_fee", fee=percent(release.fee, lang)))
    elif platform.policy == "raise_minimum" and release is not None:
        said.append(w("finding.broken.raise_minimum", minimum=yuan_short(release.minimum, lang)))
        if none:
            said.append(w("finding.broken.none", none=count(none, lang), **of))
    if short == since:
        said.append(w("finding.broken.cut_all"))
    elif short:
        said.append(w("finding.broken.cut", short=count(short, lang), **of))
    return together(w, *said)


def days_short(result: Result) -> tuple[int, int, int]:
    """(days, of them with less paid than was due, with nothing paid), since the first of them.

    What was due is after a fee and a smallest withdrawal that were raised. Of the rules that
    promise fixed sums.
    """
    if result.broken is None:
        return 0, 0, 0
    start = result.broken.tick - 1
    engines = [e for e in (result.engines.release, result.engines.queue) if e is not None]
    factors = np.array([e.log["factor"] for e in engines])[:, start:]
    names = {e.settings.name for e in engines}
    paid = sum(r.paid_out[start:] for r in result.records if r.name in names)
    return (
        result.ticks - start,
        int(np.count_nonzero((factors < 1.0).any(axis=0))),
        int(np.count_nonzero(paid < HALF_A_FEN)),
    )


def _kept(result: Result, w: Words) -> str:
    """That all promises were kept, with what is still promised and what there is for it."""
    totals, lang = result.totals, w.lang
    return w(
        "finding.kept",
        received=yuan_short(totals["received"], lang),
        held=yuan_short(totals["held"], lang),
        pool=yuan_short(totals["pool"], lang),
    )


def _release(result: Result, w: Words) -> str:
    return together(
        w, broke(result, w), _even(result, w), "" if result.broken else _kept(result, w)
    )


def paid_by_advertisers(result: Result) -> float:
    """Yuan of each 100 there were for rewards."""
    release = result.engines.release
    if release is None:
        return 0.0
    ads = float(sum(release.log["ads"]))
    orders = release.settings.share * float(result.line.sales.sum())
    total = ads + orders + float(sum(release.log["account"]))
    return 100 * ads / total if total else 0.0


def _tasks(result: Result, w: Words) -> str:
    ads = paid_by_advertisers(result)
    said = w("finding.tasks", ads=yuan(ads, w.lang), rest=yuan(100 - ads, w.lang))
    return together(w, said, broke(result, w) or _kept(result, w))


def pace(result: Result) -> tuple[int, float]:
    """(days looked at, orders a day refunded, or whose turn came) at the end of the run."""
    length, engine = min(PACE, result.ticks), result.engines.queue
    orders = result.records[0].exits
    if engine is not None and by_turn(result):
        orders = np.array(engine.log["turn"])
    return length, float(orders[-length:].sum()) / length


def _queue(result: Result, w: Words) -> str:
    scheme, totals, lang = result.scheme, result.totals, w.lang
    queue = the(scheme, RefundQueue)
    spend = scheme.order.mean_spend
    if spend < queue.threshold:
        return w(
            "finding.queue.too_small",
            spend=yuan(spend, lang),
            least=yuan(queue.threshold, lang),
            buyers=count_short(totals["buyers"], lang),
        )
    parts, (length, a_day), paid = counted(result), pace(result), refunded_part(result)
    waiting = parts["waiting"]
    in_part = by_turn(result)
    said = [
        w(
            "finding.queue.part" if in_part else "finding.queue",
            time=time(result, w),
            left=count_short(parts["left"], lang),
            buyers=count_short(totals["buyers"], lang),
            refund=yuan(queue.refund * spend, lang),
            waiting=count_short(waiting, lang),
            **({"part": percent(paid, lang)} if in_part else {}),
        )
    ]
    if parts["gone"]:
        said.append(w("finding.queue.gone", gone=count_short(parts["gone"], lang)))
    engine = result.engines.queue
    refunded = engine.turned * paid if in_part and engine is not None else totals["left"]
    others = totals["received"] - refunded * queue.refund * spend
    if others > 0.01 * totals["received"]:
        said.append(w("finding.queue.parts", amount=yuan_short(others, lang)))
    stopped = result.broken is not None and scheme.platform.policy == "stop"
    if waiting and not stopped:
        if a_day > 0:
            wait = days(max(round(waiting / a_day), 1), lang)
            said.append(w("finding.queue.wait", days=count(length, lang), wait=wait))
        else:
            said.append(w("finding.queue.still", days=count(length, lang)))
    if totals["pool"] >= 1:
        said.append(w("finding.queue.pool", pool=yuan_short(totals["pool"], lang)))
    return together(w, *said, broke(result, w))


@dataclass(frozen=True, kw_only=True)
class Commissions:
    """Yuan of a whole run."""

    recruiters: float
    district: float
    city: float
    province: float
    leaders: float
    due: float
    paid: float
    from_account: float  # of what was paid to all of them, by the platform's account
    budget: float  # the orders' part for distribution
    territories: float  # paid by agents for their territories
    cash: float  # the circle: paid beside the points
    merchant: float  # ... of it to the first shop
    goods: float  # ... for the goods

    @property
    def total(self) -> float:
        """All that was paid to recruiters, agents and leaders."""
        return self.recruiters + self.district + self.city + self.province + self.leaders


def commissions(result: Result) -> Commissions:
    """What recruiters, agents and leaders were paid, and what went round in the points shop."""
    engine = result.engines.commission
    if engine is None:
        raise LookupError(f"{result.scheme.id} has no commissions")
    paid = np.array(engine.paid)
    levels = ("district", "city", "province")
    to = {"recruiters": 0.0, **dict.fromkeys(levels, 0.0), "leaders": float(sum(engine.prizes))}
    for (reason, who), due in zip(engine.KINDS, engine.due, strict=True):
        to[reason if reason in levels else who] += float((due[: len(paid)] * paid).sum())
    circle = {name: float(amount.sum()) for name, amount in engine.circle().items()}
    sales = float(result.line.sales.sum())
    total_due = engine.due[:, : len(paid)].sum(axis=0)
    prizes = float(sum(engine.prizes))
    return Commissions(
        **to,
        due=float(total_due.sum()) + engine.settings.prizes * sales,
        paid=float((total_due * paid).sum()) + prizes,
        from_account=float(sum(engine.from_account)) + prizes,
        budget=result.scheme.split().get("distribution", 0.0) * sales,
        territories=engine.territories if sales else 0.0,
        **circle,
    )


def besides(result: Result, w: Words) -> str:
    """What commissions came on top of the other rules; empty if there are none."""
    paid = result.engines.commission is not None and result.totals["buyers"]
    if not paid or kind(result.scheme) == "commission":
        return ""
    money = commissions(result)
    return together(w, _commissions(result, money, w, besides=True), _circle(result, money, w))


def _commissions(result: Result, money: Commissions, w: Words, *, besides: bool) -> str:
    """Who was paid for recruiting, out of what."""
    lang, spend = w.lang, result.scheme.order.mean_spend
    parts = [
        w(key, amount=yuan_short(getattr(money, who), lang))
        for who, key in (
            ("recruiters", "finding.to.recruiters"),
            ("district", "finding.to.district"),
            ("city", "finding.to.city"),
            ("province", "finding.to.province"),
            ("leaders", "finding.to.leaders"),
        )
        if getattr(money, who) > 0
    ]
    said = []
    if parts:
        said.append(
            w(
                "finding.besides" if besides else "finding.commission",
                **({} if besides else {"time": time(result, w)}),
                parts=listed(w, parts),
                each=yuan(money.total / result.totals["spent"] * spend, lang),
                spend=yuan(spend, lang),
                budget=yuan_short(money.budget, lang),
            )
        )
    if money.due > 0 and money.paid < money.due * (1 - 1e-9):
        said.append(
            w(
                "finding.commission.short",
                due=yuan_short(money.due, lang),
                part=percent(money.paid / money.due, lang),
            )
        )
    if money.territories:
        said.append(w("finding.territories", amount=yuan(money.territories, lang)))
    return together(w, *said)


def _circle(result: Result, money: Commissions, w: Words) -> str:
    """What goes round in the points shop, for one buyer who uses the points."""
    commission = result.engines.commission
    if commission is None or not commission.settings.circle:
        return ""
    lang = w.lang
    round_ = circle(result)
    return w(
        "finding.circle",
        cash=yuan(round_.cash, lang),
        goods=yuan(round_.goods, lang),
        listed=yuan(round_.listed, lang),
        merchant=yuan(round_.shop, lang),
        rest=yuan(round_.platform, lang),
        time=time(result, w),
        buyers=count_short(result.totals["buyers"], lang),
        all=yuan_short(money.cash - money.merchant - money.goods, lang),
    )


def circle(result: Result) -> Circle:
    """The points shop for one order whose points are all used."""
    scheme = result.scheme
    return circle_of(scheme, the(scheme, Commission), spend=scheme.order.mean_spend)


def _commission(result: Result, w: Words) -> str:
    money = commissions(result)
    return together(
        w, _circle(result, money, w), _commissions(result, money, w, besides=False)
    ) or w("finding.commission.none")
