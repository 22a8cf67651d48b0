"""The arithmetic of a sheet: lines whose terms and results are the numbers shown. No Streamlit."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.figures import circle, figures, pays_for_itself, taken
from model.library import real_case
from model.result import Result
from view.mechanisms.face import recruiting
from view.words.format import count, factor, percent, yuan
from view.words.words import Words

#: More lines than this nobody follows.
LINES = 4


@dataclass(frozen=True)
class Sum:
    """One line of arithmetic: what is worked out, and what the result means."""

    text: str
    meaning: str


_NUMBER = re.compile(r"^¥?([\d,]+(?:\.\d+)?)(%?)$")


def number_of(text: str) -> float | None:
    """The number a term shows, or None where it is a power of ten or none at all."""
    found = _NUMBER.match(text)
    if found is None:
        return None
    return float(found[1].replace(",", "")) / (100 if found[2] else 1)


def evaluated(terms: Sequence[str], result: str) -> str:
    """``terms`` (numbers as shown, and × ÷ + − between them) and what they give, as one line.

    ``=`` where the numbers shown give exactly the number shown, ``≈`` where one was rounded.
    """
    exact = _agrees(terms, result)
    return f"{' '.join(terms)} {'=' if exact else '≈'} {result}"


def _agrees(terms: Sequence[str], result: str) -> bool:
    shown, first = number_of(result), number_of(terms[0])
    if shown is None or first is None:
        return False
    # Products before sums.
    total, value = 0.0, first
    for sign, text in zip(terms[1::2], terms[2::2], strict=True):
        number = number_of(text)
        if number is None:
            return False
        if sign == "×":
            value *= number
        elif sign == "÷":
            value /= number
        else:
            total, value = total + value, number if sign == "+" else -number
    return math.isclose(total + value, shown, rel_tol=1e-9, abs_tol=1e-12)


#: Lines that no run is needed for.
_OF_THE_RULES = frozenset({"press.sum.reaches", "press.sum.most", "press.sum.parts"})


def arithmetic(result: Result, w: Words) -> tuple[Sum, ...]:
    """At most four lines, worked out with the figures of this run."""
    found = figures(result)
    lines = _circle_sums(result, found, w) if "cash" in found else _sums(result, found, w)
    return tuple(lines[:LINES])


def _sums(result: Result, found: Mapping[str, float], w: Words) -> list[Sum]:
    scheme, lang = result.scheme, w.lang

    def money(x: float) -> str:
        return yuan(x, lang)

    spend, reaches, most = found["spend"], found["reaches"], found.get("most")
    share = taken(scheme)
    lines: list[Sum] = []

    def line(key: str, terms: Sequence[str], shown: str) -> None:
        # Of a real case it is the model's, and its buyers are orders.
        case = real_case(scheme) is not None and key not in _OF_THE_RULES
        meaning = w("case.sum", meaning=w(key)) if case else w(key)
        lines.append(Sum(evaluated(terms, shown), meaning))

    rate = recruiting(scheme)
    if "left" not in found and rate is not None:
        budget = scheme.split().get("distribution", 0.0)
        terms = [money(spend), "×", percent(rate, lang)]
        line("press.sum.promised", terms, money(rate * spend))
        terms = [money(spend), "×", percent(budget, lang)]
        line("press.sum.budget", terms, money(budget * spend))
    else:
        line("press.sum.reaches", [money(spend), "×", percent(share, lang)], money(reaches))
    if scheme.points_pool is not None and most and not scheme.sharing and not result.records:
        pool = scheme.pool
        terms = [
            money(spend),
            "×",
            factor(pool.exit_multiple or 0.0, lang),
            "×",
            percent(1 - pool.fee, lang),
        ]
        line("press.sum.most", terms, money(most))
    if most and pays_for_itself(result):
        line("press.sum.back", [money(most), "÷", money(spend)], percent(most / spend, lang))
    elif most and reaches > 0:
        parts = factor(most / reaches, lang)
        line("press.sum.parts", [money(most), "÷", money(reaches)], parts)
    if found["buyers"]:
        total, buyers = found["spent"], found["buyers"]
        if result.points is None or result.records:
            line(
                "press.sum.in",
                [money(total), "×", percent(share, lang)],
                money(total * share),
            )
            if "left" in found or real_case(scheme) is not None:
                paid = found["received"]
                terms = [money(paid), "÷", money(total)]
                line("press.sum.received", terms, percent(paid / total, lang))
                terms = [money(paid), "÷", count(buyers, lang)]
                line("press.sum.average", terms, money(paid / buyers))
            elif "recruiting" in found:
                paid = found["recruiting"]
                terms = [money(paid), "÷", money(total)]
                line("press.sum.recruiting", terms, percent(paid / total, lang))
        else:
            even = round(found["even"])
            key = "press.sum.even" if even or not round(found["left"]) else "press.sum.left"
            many = even if key == "press.sum.even" else round(found["left"])
            terms = [count(many, lang), "÷", count(buyers, lang)]
            line(key, terms, percent(many / buyers, lang))
            if "each" in found:
                terms = [money(found["each"] * found["waiting"]), "÷"]
                terms.append(count(round(found["waiting"]), lang))
                line("press.sum.each", terms, money(found["each"]))
            line("press.sum.in", [money(total), "×", percent(share, lang)], money(total * share))
            terms = [money(found["received"]), "÷", money(total)]
            line("press.sum.received", terms, percent(found["received"] / total, lang))
    return lines


def _circle_sums(result: Result, found: Mapping[str, float], w: Words) -> list[Sum]:
    commission = result.engines.commission
    if commission is None:
        raise LookupError("no points shop")
    one, lang = circle(result.scheme, commission.settings, spend=found["spend"]), w.lang
    used = commission.settings.circle * found["buyers"]

    def money(x: float) -> str:
        return yuan(x, lang)

    rows = [
        ("press.circle.points", [money(one.points), "+", money(one.cash)], one.listed),
        (
            "press.circle.paid",
            [money(found["spend"]), "+", money(one.cash)],
            found["spend"] + one.cash,
        ),
        (
            "press.circle.rest",
            [money(one.cash), "−", money(one.goods), "−", money(one.shop)],
            one.platform,
        ),
        ("press.circle.all", [money(one.platform), "×", count(used, lang)], found["platform"]),
    ]
    return [Sum(evaluated(terms, money(total)), w(key)) for key, terms, total in rows]
