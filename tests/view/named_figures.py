"""Numbers in sentences, and the named figures of a run and its settings that they may be.

What a sentence prints is held to what the formats print of a figure: nothing is near enough.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from model.claims import Claim, Conclusion
from model.crowd import crowd_factor
from model.facts import facts
from model.figures import circle, figures, refunded_part, taken
from model.funding import payers
from model.library import places
from model.mechanisms.commission import Commission
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.outlay import outlay
from model.preset import Preset
from model.result import Result
from model.scheme import Scheme, scheme_parameters
from model.standing import fared, standing
from model.yardstick import used_up, yardstick
from view.claims import claims_text
from view.mechanisms.commission.said import commissions
from view.mechanisms.commission.territories import territories
from view.mechanisms.dividend_pool.pictured import dividends_paid
from view.mechanisms.dividend_pool.units import unit_paid
from view.mechanisms.points_pool import crowd
from view.mechanisms.refund_queue import turns
from view.mechanisms.refund_queue.said import pace
from view.mechanisms.scheduled_release import tasks
from view.mechanisms.scheduled_release.flows import due_and_income
from view.mechanisms.scheduled_release.said import paid_by_advertisers
from view.pictures import field
from view.sentences import answers, findings
from view.sentences.facts import source_line
from view.sentences.stated import MOST_NAMED
from view.words import format as f
from view.words.words import Words, words

_SCALES = "trillion|billion|million|万亿|萬億|亿|億|万|萬|兆"
_TOKEN = re.compile(
    r"(?<![\w.@])(?P<less>[<>]?)(?P<yuan>¥?)(?P<n>\d[\d,]*(?:\.\d+)?)(?P<power> × 10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
    rf"(?: ?(?P<scale>{_SCALES}))?(?P<unit>%|×| ?倍)?"
)
#: Numbers that are words of the catalogue and no figure of a run.
WORDS_OF_OURS = frozenset({"¥100", "30", "100", "1%", "10%"})
#: What is told of the odds, or of how many more orders it takes.
ODDS = re.compile(
    r"\b1 in [\d.,]+|人中 ?1 ?人|× as many orders|must grow (?:at least )?[\d.,]+"
    r"|more must follow|订单总数[^，。；]*倍|訂單總數[^，。；]*倍|还要再来|還要再來"
)
#: ... and who is assumed to sell or to leave, in the same sentence or the line below.
ASSUMED = re.compile(
    r"\b[Ii]f nobody|\bAssumed:|^If |Under these rules: If|假定|假设|假設"
    r"|没有人(?:提前)?(?:卖出|放弃)|沒有人(?:提前)?(?:賣出|放棄)|^如果|在这套规则下"
)


def tokens(text: str) -> list[str]:
    """The numbers of a text as they are printed, with their currency, scale and unit."""
    return [
        "".join((found[part] or "").strip(" ,") for part in ("yuan", "n", "power", "scale", "unit"))
        for found in _TOKEN.finditer(text)
    ]


def sentences(line: str) -> list[str]:
    """A line's sentences."""
    parts = re.split(r"(?<=[。！？])|(?<=[.!?]) +(?=[A-Z“¥\d])|\n", line)
    return [part for part in parts if part]


def lines_of(html: str) -> list[str]:
    """The lines of a document as somebody reads them: one for each block, head and all."""
    html = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL)
    said = re.findall(
        r'<meta (?:name="description"|property="og:(?:title|description)") content="([^"]*)"', html
    )
    body = re.sub(r"<meta[^>]*>", "", html)
    blocks = re.split(r"</?(?:p|h\d|li|div|ul|title|figcaption|main|br|tr|td|th)\b[^>]*>", body)
    texts = [re.sub(r"<[^>]+>", "", block) for block in [*said, *blocks]]
    return [unescape(text).strip() for text in texts if text.strip()]


class Named:
    """Figures by name, and what the formats print of them in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.printed: dict[str, str] = dict.fromkeys(WORDS_OF_OURS, "words")

    def _add(self, name: str, texts: Iterable[str]) -> None:
        for text in texts:
            for token in tokens(text):
                self.printed.setdefault(token, name)

    def yuan(self, **values: float | None) -> None:
        """Sums of money."""
        for name, x in values.items():
            if x is None or not math.isfinite(x):
                continue
            size, lang = abs(float(x)), self.lang
            texts = (f.yuan(size, lang), f.yuan_short(size, lang), findings.about(size, lang))
            self._add(name, texts)

    def count(self, **values: float | None) -> None:
        """Orders, people, points, days: what is counted."""
        lang = self.lang
        for name, x in values.items():
            if x is None or not math.isfinite(x):
                continue
            size = abs(float(x))
            # A whole number of what is counted in parts is rounded up or down with the others.
            for n in {size, math.floor(size), math.ceil(size)}:
                short = f.count_short(f.significant(n), lang)
                texts = (f.count(n, lang), f.count_short(n, lang), short, f.quantity(n, lang))
                self._add(name, texts)

    def share(self, **values: float | None) -> None:
        """Parts of a whole, also as yuan of each hundred."""
        lang = self.lang
        for name, x in values.items():
            if x is None or not math.isfinite(x):
                continue
            self._add(name, (f.percent(abs(x), lang),))
            self.yuan(**{name: 100 * x, f"{name} in whole yuan": round(100 * x)})
            self.yuan(**{f"{name}, the rest": 100 - (round(100 * x) or round(100 * x, 2))})
            self._add(name, (f.yuan(round(100 * x) or round(100 * x, 2), lang),))

    def multiple(self, **values: float | None) -> None:
        """Factors, and one in so many."""
        lang = self.lang
        for name, x in values.items():
            if x is None or not math.isfinite(x):
                continue
            self._add(name, (f.multiple(x, lang), f.factor(x, lang), f.one_in(x, lang)))

    def days(self, **values: float | None) -> None:
        """Stretches of time."""
        for name, x in values.items():
            if x is not None and math.isfinite(x):
                self._add(name, (f.days(x, self.lang), f.days(round(x), self.lang)))
                self.count(**{name: x})

    def by_unit(self, name: str, unit: str, x: Any) -> None:
        """A figure of the unit that the model gives it."""
        if not isinstance(x, int | float) or isinstance(x, bool):
            return
        kinds = {
            "yuan": self.yuan,
            "price": self.yuan,
            "share": self.share,
            "rate": self.share,
            "multiple": self.multiple,
            "ticks": self.days,
        }
        kinds.get(unit, self.count)(**{name: x})


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def of_settings(named: Named, scheme: Scheme) -> None:
    """The settings, and what follows from them by one multiplication."""
    prices = [price for price, _ in scheme.order.choices]
    mean = scheme.order.mean_spend
    for key, parameter in scheme_parameters(scheme).items():
        value = scheme.get(key)
        named.by_unit(key, parameter.unit, value)
        if parameter.unit == "share" and isinstance(value, float):
            named.share(**{f"1 less {key}": 1 - value})
            named.yuan(**{f"{key} of a price": 0.0})
            for price in (*prices, mean):
                named.yuan(**{f"{key} of {price}": value * price})
        if parameter.unit == "multiple" and isinstance(value, float):
            named.yuan(**{f"{key} times a price": value * mean})
        if isinstance(value, tuple | list):
            for x in _numbers(value):
                named.yuan(**{key: x})
                named.count(**{key: x})
                named.share(**{key: x})
    split = scheme.split()
    for package, price in enumerate((*prices, mean)):
        named.yuan(price=price, reaches=taken(scheme) * price)
        named.yuan(**{f"{role} of {price}": part * price for role, part in split.items()})
        if package < len(prices):
            named.yuan(most=scheme.most_paid_for(package))
    named.yuan(most=scheme.most_paid)
    named.share(taken=taken(scheme), **split)
    named.yuan(outside=0.0)
    if scheme.points_pool is not None and scheme.pool.outside:
        named.yuan(outside=sum(amount for _, amount in scheme.pool.outside))


def of_run(named: Named, result: Result) -> None:
    """What came of a run."""
    scheme, totals = result.scheme, result.totals
    counts = {"buyers", "even", "left", "waiting", "nothing", "turned", "in_line", "forced"}
    counts |= {"holders", "points", "pays_less_from"}
    found = {**totals, **figures(result)}
    for name, x in found.items():
        (named.count if name in counts else named.yuan)(**{name: x})
    buyers = totals["buyers"]
    for name in ("even", "left", "forced", "turned"):
        if found.get(name, 0.0) >= 0.5:
            named.multiple(**{f"buyers for each of {name}": buyers / found[name]})
            named.multiple(**{f"buyers for each of {name}, whole": buyers / round(found[name])})
    named.share(part=refunded_part(result))
    named.count(**{f"{name} orders": n for name, n in findings.counted(result).items()})
    if (line := fared(result)) is not None:
        whole, part, none = line.counts
        named.count(line_whole=whole, line_part=part, line_none=none)
        named.yuan(rule_pays=line.owed * scheme.order.spend)
        named.share(rule_pays=line.owed)
        if (shown := field.field(result, words(named.lang))) is not None:
            named.count(buyers_a_dot=shown.per)
    parts = findings.counted(result)
    named.count(left=parts.get("even", 0) + parts.get("less", 0))
    if totals["holders"]:
        named.yuan(each=totals["held"] / totals["holders"])
    # Standing.
    stands = standing(result)
    named.share(best=stands.best)
    named.yuan(gains=stands.gains)
    for name, part in stands.parts.items():
        named.count(**{f"{name} buyers": part.orders})
        named.yuan(**{f"{name} {x}": getattr(part, x) for x in ("paid", "received", "gain")})
    for gained, paid in stands.top.values():
        named.share(gained=gained, paid=paid)
    # With whose money.
    split = payers(result)
    total = sum(split.values())
    if total:
        named.share(**{f"paid from {who}": x / total for who, x in split.items()})
    table = outlay(result)
    paid = float(table["paid"].sum())
    if paid > 0:
        ends = {end: float(table[end].sum()) / paid for end in table.columns}
        named.share(**{f"of each yuan to {end}": x for end, x in ends.items()})
        named.share(never_there=1 - ends["others"] - ends["back"] - ends["pool"])
    # Days.
    named.days(ticks=result.ticks, horizon=scheme.horizon)
    first_day, first, day, middle = findings.typical(result) if buyers else (1, 0.0, 1, 0.0)
    named.count(first_day=first_day, middle_day=day)
    named.yuan(first=first, middle=middle)
    if result.broken is not None:
        named.count(broken=result.broken.tick, orders=round(result.broken.orders))
        named.yuan(owed=result.broken.owed)
        since, short, none = findings.days_short(result)
        named.days(since=since, short=short, none=none)
    points, release = result.engines.points, result.engines.release
    if points is not None:
        named.multiple(rise=totals["price"] / scheme.pool.launch_price)
        got = totals["pool"] + totals["received"] + totals["debt_paid"]
        named.yuan(backing=got / max(buyers, 1.0))
        if result.points is not None:
            inside = result.points.totals
            got = inside["pool"] + inside["received"] + inside["debt_paid"]
            named.multiple(rise=inside["price"] / scheme.pool.launch_price)
            named.yuan(backing=got / max(inside["buyers"], 1.0))
        if points.halted_at is not None:
            named.count(halted=points.halted_at, last=points.halted_at - 1)
    if release is not None:
        named.share(fee=release.fee)
        named.yuan(minimum=release.minimum, ads=paid_by_advertisers(result))
        named.yuan(rest=100 - paid_by_advertisers(result))
        flows = due_and_income(result)
        at = {result.ticks} | ({result.broken.tick} if result.broken else set())
        for tick in at:
            named.yuan(**{name: float(flows[name][tick - 1]) for name in ("due", "income")})
    if result.engines.queue is not None:
        queue, engine = findings.the(scheme, RefundQueue), result.engines.queue
        length, a_day = pace(result)
        waiting = findings.counted(result)["waiting"]
        named.days(pace=length, wait=waiting / a_day if a_day else None)
        named.count(refunded=a_day, placed=float(result.line.orders[-length:].mean()))
        named.yuan(refund=queue.refund * scheme.order.mean_spend)
        logs = {k: sum(engine.log[k][-length:]) for k in ("turn_yuan", "refunds", "account")}
        named.yuan(due=logs["turn_yuan"] / length)
        named.yuan(paid_a_day=(logs["refunds"] + logs["account"]) / length)
        refunded = engine.turned * refunded_part(result)
        for orders in (refunded, totals["left"]):
            amount = orders * queue.refund * scheme.order.mean_spend
            named.yuan(paid_in_parts=totals["received"] - amount)
    if any(isinstance(m, DividendPool) for m in scheme.mechanisms):
        days, dividends = dividends_paid(result)
        if len(days):
            named.count(first_dividend=days[0], last_dividend=days[-1])
            named.yuan(first_dividend=float(dividends[0]), last_dividend=float(dividends[-1]))
    if result.engines.commission is not None:
        _of_commissions(named, result)


def _of_commissions(named: Named, result: Result) -> None:
    scheme, totals = result.scheme, result.totals
    spend = scheme.order.mean_spend
    money = commissions(result)
    named.yuan(**dataclasses.asdict(money), total=money.total)
    if totals["spent"]:
        named.yuan(each=money.total / totals["spent"] * spend)
    if money.due:
        named.share(part=money.paid / money.due)
    named.yuan(kept_all=money.cash - money.merchant - money.goods)
    one = circle(scheme, findings.the(scheme, Commission), spend=spend)
    named.yuan(**dataclasses.asdict(one))
    named.count(points=one.points)
    cohorts = result.cohorts
    each = (cohorts["commission"] / cohorts["buyers"]).to_numpy()
    if len(each):
        named.yuan(first_recruiting=float(each[0]), last_recruiting=float(each[-1]))
    out = money.total + money.merchant
    if out:
        parts = (money.total - money.from_account, money.merchant, money.from_account)
        for part in parts:
            for whole in (math.floor(100 * part / out), math.ceil(100 * part / out)):
                named.yuan(of_hundred=whole)
    orders = max(totals["buyers"], 1.0)
    split = scheme.split()
    platform = (money.cash - money.merchant - money.goods - money.from_account) / orders
    named.yuan(
        to_shop=split.get("merchant", 0.0) * spend + money.merchant / orders,
        to_platform=split.get("platform", 0.0) * spend + platform,
        in_the_end=spend + money.cash / orders,
    )


def of_sheet(named: Named, result: Result) -> None:
    """What the arithmetic of a sheet has beside the run's figures."""
    found, share = figures(result), taken(result.scheme)
    named.yuan(into=found["spent"] * share)
    if found["spent"]:
        paid = found["spent"]
        named.share(received=found["received"] / paid, recruiting=found.get("recruiting", 0) / paid)
    if found["buyers"]:
        named.yuan(average=found["received"] / found["buyers"])
        for name in ("even", "left"):
            named.share(**{name: round(found.get(name, 0.0)) / found["buyers"]})
    if found.get("most") and found["reaches"]:
        named.multiple(parts=found["most"] / found["reaches"])
        named.share(back=found["most"] / found["spend"])
    if "each" in found:
        named.yuan(waiting=found["each"] * found["waiting"])
    if "cash" in found:
        commission = findings.the(result.scheme, Commission)
        one = circle(result.scheme, commission, spend=found["spend"])
        named.yuan(both=found["spend"] + one.cash, listed=one.listed)
        named.count(used=commission.circle * found["buyers"])


def of_offer(named: Named, scheme: Scheme, package: int, *, before: int, per_day: int) -> None:
    """What is told of an offer before anybody does anything; orders at the reader's pace."""
    price = scheme.order.choices[package][0]
    for more in range(1, len(answers.numbers(scheme)) - MOST_NAMED + 1):
        named.count(more_that_are_ours=more)
    named.count(before=before, per_day=per_day)
    for place in places():
        named.count(**{place.id: place.people})
    factors = []
    for who in (scheme, _steady(scheme, per_day)):
        found = yardstick(who, package=package)
        factors += [found.back, found.promised]
        named.count(short=found.short_tick, empty=found.empty_tick)
        named.share(growth=found.growth)
        if found.growth and math.isfinite(found.growth) and found.growth > 0:
            double = math.log(2) / math.log1p(found.growth)
            named.days(double=double)
            for place in places():
                took = used_up(
                    growth=found.growth,
                    orders_per_tick=who.demand.orders_per_tick,
                    people=place.people,
                )
                named.days(**{f"until {place.id}": took})
    if scheme.points_pool is not None:
        pool = scheme.pool
        target = pool.exit_multiple or 1 / (1 - pool.fee)
        forced = pool.exit_multiple is not None
        factors.append(crowd_factor(target, pool=pool, forced_exits=forced))
        named.multiple(target=target)
        named.yuan(target=target * price)
        after = crowd.orders_after(scheme, before + 1)
        named.count(after=after)
        named.days(after=after / per_day)
    for factor in factors:
        if factor is not None and math.isfinite(factor):
            named.multiple(factor=factor)
            named.count(more=factor - 1, more_of_before=before * (factor - 1))
            named.printed.setdefault(f"{factor - 1:.2g}", "more")
            named.days(wait=before * (factor - 1) / per_day)
    goods = scheme.order.goods_value
    named.yuan(goods=goods, risk=None if goods is None else price - goods)
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, ScheduledRelease):
            named.yuan(a_day=tasks.daily_release(scheme, package))
            named.yuan(credit=scheme.credits(mechanism)[package])
            ads = tasks.ads_of(scheme, package)
            if ads is not None:
                named.yuan(reward=ads.reward, view=ads.view, ads=ads.advertisers, buyers=ads.buyers)
                named.count(days=ads.days)
                named.share(buyers=ads.buyers / ads.credit if ads.credit else 0.0)
        if isinstance(mechanism, RefundQueue):
            factor = turns.queue_factor(scheme, mechanism)
            named.share(refunded=1 / factor)
            order = turns.queue_order(scheme, mechanism, before + 1)
            ahead = before * ((factors[1] or 1.0) - 1)
            behind = max(order - before - 1, math.ceil(ahead) if math.isfinite(ahead) else 0.0)
            for more in (order - before - 1, behind, factor - 1):
                named.count(behind=more)
                named.days(behind=more / per_day)
                named.printed.setdefault(f"{more:.2g}", "more")
            named.yuan(there=turns.queue_backing(scheme, mechanism) * price)
            named.yuan(due=mechanism.refund * price)
        if isinstance(mechanism, DividendPool):
            units = scheme.units(mechanism)[package]
            named.count(units=units)
            _unit(named, _steady(scheme, per_day), mechanism, units)
            named.yuan(ranks=mechanism.rank_share * price)
        if isinstance(mechanism, Commission):
            budget = scheme.split().get("distribution", 0.0)
            named.yuan(promised=mechanism.rate * price, lack=(mechanism.rate - budget) * price)
            if mechanism.direct > 0:
                named.count(recruits=math.ceil(1 / mechanism.direct - 1e-9))
            for sold in territories(mechanism):
                named.yuan(sales=sold.sales, price=sold.price)
                named.share(rate=sold.rate)
                named.count(orders=sold.sales / price)
            one = circle(scheme, mechanism)
            named.yuan(**dataclasses.asdict(one))
            named.count(points=one.points)
            if one.goods > 0:
                named.multiple(over_goods=one.cash / one.goods)


def _steady(scheme: Scheme, per_day: int) -> Scheme:
    demand = scheme.demand.model_copy(update={"kind": "steady", "orders_per_tick": float(per_day)})
    return scheme.model_copy(update={"demand": demand})


def _unit(named: Named, scheme: Scheme, pool: DividendPool, units: float) -> None:
    first, second, year = unit_paid(scheme, pool.name)
    named.yuan(first=first * units, second=second * units, year=year * units)


def of_claim(named: Named, claim: Claim, found: Conclusion) -> None:
    """The numbers of a conclusion, and those that the sales page prints."""
    for name, number in found.values.items():
        named.by_unit(name, number.unit, number.value)
        named.count(**{name: number.value})
    for figure in claim.figures:
        named.count(**{f"stated {figure.name}": figure.stated})
        named.multiple(**{f"stated {figure.name}": figure.stated})
        named.yuan(**{f"stated {figure.name}": figure.stated})
        named.share(**{f"stated {figure.name}": figure.stated})


def of_claim_s_words(named: Named, found: Conclusion, w: Words) -> None:
    """As a claim's sentences print them: rates, prices and factors close to one to more digits."""
    for name, number in found.values.items():
        named._add(name, (claims_text.shown(number, w),))


def of_preset(named: Named, chosen: Preset) -> None:
    """What stands in the preset's own texts, each of which has its source."""
    texts = [chosen.summary, chosen.name, *(fact.text for fact in chosen.fact)]
    texts += [value.note for value in chosen.value if value.note is not None]
    texts += [fact.text for fact in facts(about=chosen.id)]
    lang = named.lang
    said = words(lang)
    for text in texts:
        named._add(f"{chosen.id}: its text", (said.text(text.en, text.zh),))
    named._add("reference", (chosen.reference, chosen.date))
    for id_ in {id_ for fact in facts(about=chosen.id) for id_ in fact.sources}:
        named._add(f"{id_}: its date", (source_line(id_, said, address=False),))


# -- held to them ----------------------------------------------------------------------------------


def strangers(lines: Iterable[str], named: Named) -> list[tuple[str, str]]:
    """(sentence, number) of every number that belongs to no named figure."""
    return [
        (sentence, token)
        for line in lines
        for sentence in sentences(line)
        for token in tokens(sentence)
        if token not in named.printed
    ]


def unconditional(lines: Iterable[str]) -> list[str]:
    """Sentences with odds whose assumption is neither in them nor at the head of the next line."""
    known = list(lines)
    return [
        sentence
        for line, below in zip(known, [*known[1:], ""], strict=True)
        for sentence in sentences(line)
        if ODDS.search(sentence) and not ASSUMED.search(sentence) and not ASSUMED.search(below)
    ]


def by_page(pages: Mapping[str, Iterable[str]], named: Named) -> list[tuple[str, str, str]]:
    """(page, sentence, what is wrong with it) of several pages."""
    wrong = []
    for page, lines in pages.items():
        told = list(lines)
        wrong += [(page, sentence, token) for sentence, token in strangers(told, named)]
        wrong += [(page, sentence, "no assumption") for sentence in unconditional(told)]
    return wrong
