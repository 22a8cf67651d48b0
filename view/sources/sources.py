"""Where every number comes from, the equations, the glossary, and what the model leaves out."""

from __future__ import annotations

import math
from functools import lru_cache
from html import escape
from typing import NamedTuple

import streamlit as st

from model import load
from model.crowd import order_reaching
from model.funding import METHODS
from model.library import places, preset, presets
from model.preset import sources
from view.parts import numbers
from view.parts.context import lang, w, words
from view.settings.runs import played
from view.words.format import count, multiple, percent, yuan
from view.words.words import Words

#: Equations: catalogue key, formula, name in the code.
EQUATIONS = (
    ("price", "price = pool / points", "series.price"),
    ("credit", "credited = gift × share × spend / price", "points_pool.gift"),
    ("growth", "points × Γ(A+N+g) Γ(A) / (Γ(A+g) Γ(A+N))", "model.loggamma.log_rising"),
    ("launch", "P(n) = p0 Γ(n+1) Γ(1+g) / (g Γ(n+g))", "model.crowd.price_after"),
    ("exit", "paid = (1 − fee) × exit_multiple × spend", "Scheme.most_paid"),
    ("balance", "pool + paid_out = share × sales + outside", "Result.ledger"),
    ("crowd", "K = (m / (a g))^(1 / (1 − g))", "model.crowd.crowd_factor"),
    ("dividend", "received / price = a ln K", "model.yardstick.yardstick"),
    ("release", "M (1 − e^(−qD)) / (q D) = a", "Yardstick.growth"),
    ("queue", "K = r / a", "Yardstick.promised"),
    ("stars", "own rate × team − Σ rate × team", "model.recruitment.play"),
    ("recruits", "H = Σ n(s) / N(s−1)", "model.mechanisms.base.Line"),
)
GLOSSARY = (
    "rebate",
    "appreciation",
    "green_points",
    "pool",
    "circulating",
    "fee",
    "forced_exit",
    "buying_again",
    "constant_points",
    "direct_referral",
    "level_difference",
    "queue",
    "lock_up",
    "dividend_unit",
    "quota",
    "rank_pot",
    "credit",
    "acceleration",
    "team_star",
    "advance",
    "territory_agent",
    "withdrawal_minimum",
    "ran_dry",
    "static_dynamic",
    "pyramid_selling",
    "illegal_fund_raising",
    "own_contribution",
    "books",
)
LEFT_OUT = (
    "who_buys",
    "goods",
    "per_order",
    "buying_again",
    "recruiting",
    "listing",
    "runs_away",
    "day",
    "nobody_holds",
)
#: Dated corrections, newest first: catalogue keys ``correction.<date>``.
CORRECTIONS = ("2026-11-27", "2026-11-23", "2026-11-22")
QUALITIES = ("stated", "derived", "assumed")


#: Whom the conventions are told of: the first leaver of a scheme, and at which multiple.
PERSON, PERSON_MULTIPLE = "thousand-yuan-points", 1.2
CONVENTIONS = {
    "own": "whose.method.own",
    "mixed": "whose.method.mixed",
    "oldest": "whose.method.oldest",
}


class Conventions(NamedTuple):
    """One person under each convention.

    ``order``: of whose placing they left; ``near``: so many buyers after them pay under
    ``oldest``; ``rows``: method, (own money, the near ones', that of the others), yuan.
    """

    order: int
    near: int
    paid: float
    rows: tuple[tuple[str, tuple[float, float, float]], ...]


@lru_cache(maxsize=1)
def day_against_order() -> tuple[float, float, int, int]:
    """How far settling once a day is from settling after every order.

    (price, cash paid: relative difference; orders, orders a day), at 1.2x of the thousand-yuan
    scheme, where exits are frequent.
    """
    orders, a_day = 10_000, 100
    common = {"points_pool.exit_multiple": 1.2}
    single = played(load("thousand-yuan-points", {**common, "tick": "order", "horizon": orders}))
    daily = played(
        load(
            "thousand-yuan-points",
            {**common, "demand.orders_per_tick": a_day, "horizon": orders // a_day},
        )
    )
    return (
        daily.totals["price"] / single.totals["price"] - 1,
        daily.totals["received"] / single.totals["received"] - 1,
        orders,
        a_day,
    )


def finding(said: Words) -> str:
    """How many numbers stand here, and how many of them nobody has stated."""
    found = [item for id_ in presets() for item in preset(id_).value]
    figures = [row for id_ in presets() for row in numbers.figures_of(id_)]
    return said(
        "sources.finding",
        numbers=len(found),
        schemes=len(presets()),
        assumed=sum(item.quality == "assumed" for item in found),
        figures=len(figures),
        agree=sum(agrees for _, _, agrees in figures),
    )


def method() -> None:
    """Equations with their names in the code, and how exact a day is."""
    language = lang()
    rows = [(w(f"equation.{key}"), formula, name) for key, formula, name in EQUATIONS]
    head = [w(f"sources.head.{k}") for k in ("meaning", "formula", "code")]
    st.html(
        f"<h2>{escape(w('sources.method'))}</h2><p>{escape(w('sources.symbols'))}</p>"
        + numbers.table(head, rows, label=w("sources.method"))
    )
    price, paid, orders, a_day = day_against_order()
    text = w(
        "sources.day",
        orders=count(orders, language),
        a_day=count(a_day, language),
        price=percent(price, language),
        paid=percent(paid, language),
    )
    st.html(f"<p>{escape(text)}</p>")


@lru_cache(maxsize=1)
def same_person() -> Conventions:
    """The first leaver of the thousand-yuan scheme, order by order, under each convention."""
    scheme = load(PERSON, {"tick": "order", "points_pool.exit_multiple": PERSON_MULTIPLE})
    spend, pool = scheme.order.spend, scheme.pool
    order = int(order_reaching(PERSON_MULTIPLE, place=1, pool=pool))
    result = played(scheme.model_copy(update={"horizon": order}))
    own = pool.share * spend
    paid = (1 - pool.fee) * PERSON_MULTIPLE * spend
    near = math.ceil(paid / own) - 1
    rows = []
    for method in METHODS:
        # Of one order each: the first buyer's is the first column.
        column = result.funding(method=method, bins=order).iloc[:, 0].to_numpy(dtype=float)
        parts = float(column[0]), float(column[1 : 1 + near].sum()), float(column[1 + near :].sum())
        rows.append((method, parts))
    return Conventions(order=order, near=near, paid=paid, rows=tuple(rows))


def conventions() -> None:
    """Whose money an exit is paid with, under each convention."""
    language, found = lang(), same_person()
    rows = [
        (
            w(CONVENTIONS[method]),
            *(yuan(part, language) for part in parts),
            yuan(sum(parts), language),
        )
        for method, parts in found.rows
    ]
    head = [
        w("whose.sources.convention"),
        w("whose.sources.own_money"),
        w("whose.sources.near", n=count(found.near, language)),
        w("whose.sources.far", n=count(found.order - 1 - found.near, language)),
        w("whose.sources.sum"),
    ]
    title = w("whose.sources")
    intro = w(
        "whose.sources.intro",
        name=w.text(preset(PERSON).name),
        multiple=multiple(PERSON_MULTIPLE, language),
        order=count(found.order, language),
        paid=yuan(found.paid, language),
    )
    st.html(
        f"<h2>{escape(title)}</h2><p>{escape(intro)}</p>" + numbers.table(head, rows, label=title)
    )


def lists() -> None:
    """Glossary, what is left out, the sources themselves, and corrections."""
    said = words()
    terms = "".join(
        f"<dt>{escape(said(f'glossary.{key}.term'))}</dt><dd>{escape(said(f'glossary.{key}.text'))}</dd>"
        for key in GLOSSARY
    )
    st.html(f"<h2>{escape(w('sources.glossary'))}</h2><dl class='wp-terms'>{terms}</dl>")
    left = "".join(f"<li>{escape(w(f'leaves_out.{key}'))}</li>" for key in LEFT_OUT)
    st.html(f"<h2>{escape(w('sources.leaves_out'))}</h2><ul class='wp-answer'>{left}</ul>")
    rows = [
        (
            id_,
            " · ".join(filter(None, (w.text(source.title), source.address))),
            numbers.date(source.date),
            w(f"grade.{source.grade}"),
        )
        for id_, source in sources().items()
    ]
    head = [w(f"sources.head.{k}") for k in ("id", "source", "date", "grade")]
    st.html(
        f"<h2>{escape(w('sources.list'))}</h2>" + numbers.table(head, rows, label=w("sources.list"))
    )
    crowds = [
        (w(f"place.{place.id}"), count(place.people, lang()), numbers.source_and_date(place.source))
        for place in places()
    ]
    head = [w(f"sources.head.{k}") for k in ("place", "people", "source")]
    st.html(numbers.table(head, crowds, label=w("sources.head.people")))
    notes = "".join(
        f"<li>{escape(date)}: {escape(w(f'correction.{date}'))}</li>" for date in CORRECTIONS
    )
    st.html(f"<h2>{escape(w('sources.corrections'))}</h2><ul class='wp-answer'>{notes}</ul>")
