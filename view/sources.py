"""Where every number comes from, the equations, the glossary, and what the model leaves out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from model import load
from model.crowd import order_reaching
from model.fields import Parameter
from model.funding import METHODS
from model.library import Figure, Preset, places, preset, presets, sources
from model.published import reproduced
from model.scheme import named_parameters
from view.context import lang, w, words
from view.controls import shown
from view.format import count, multiple, percent, yuan, yuan_places
from view.runs import played
from view.words import Words

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


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str) -> str:
    """An HTML table whose texts have been escaped here."""
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>"
        f"<th scope='row'>{escape(row[0])}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{escape(label)}'>"
        f"<table class='wp-table wp-text'><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def source_title(id_: str) -> str:
    """The title of a source."""
    return w.text(sources()[id_].title)


def _source(id_: str) -> str:
    found = sources()[id_]
    return f"{w.text(found.title)} ({_date(found.date)})"


def _date(date: str) -> str:
    return w("source.undated") if date == "undated" else date


def _value(parameter: Parameter, value: Any, language: str) -> str:
    """A preset's value for people: a choice in words, a list as its numbers."""
    name = parameter.key.rpartition(".")[2]
    if name == "rest":
        return w(f"part.{value}")
    if parameter.key == "demand.kind":
        return w(f"demand.{value}")
    if parameter.unit == "choice" and parameter.key != "tick":
        return w(f"choice.{name}.{value}")
    if isinstance(value, str):  # "none" in a file
        value = None
    if isinstance(value, list | tuple):
        return "; ".join(
            " → ".join(f"{n:g}" for n in (pair if isinstance(pair, list | tuple) else [pair]))
            for pair in value
        )
    return shown(parameter, value, language)


def numbers(chosen: Preset, *, first: bool = False) -> None:
    """Every number of one preset with source, quality and note; then what else its pitch says."""
    language = lang()
    name = w.text(chosen.name)
    rows = []
    known = named_parameters(chosen.parts)
    kinds = {name: kind for kind, name in chosen.parts}
    for item in chosen.value:
        parameter = known[item.key]
        group = item.key.rpartition(".")[0]
        label = w.label(f"{kinds.get(group, group)}{item.key[len(group) :]}")
        value = _value(parameter, item.value, language)
        note = f"<br><small>{escape(w.text(item.note))}</small>" if item.note else ""
        rows.append(
            f"<tr><th scope='row'>{escape(label)}{note}</th><td>{escape(value)}</td>"
            f"<td>{escape(w(f'quality.{item.quality}'))}<br>"
            f"<small>{escape(_source(item.source))}</small></td></tr>"
        )
    head = "".join(
        f"<th scope='col'>{escape(w(f'sources.head.{k}'))}</th>"
        for k in ("number", "value", "quality")
    )
    facts = []
    for fact in chosen.fact:
        mark = f" <em>({escape(w('sources.contradiction'))})</em>" if fact.contradiction else ""
        facts.append(
            f"<li>{escape(w.text(fact.text))}{mark} <small>{escape(_source(fact.source))}; "
            f"{escape(w(f'quality.{fact.quality}'))}</small></li>"
        )
    # Closed until it is asked for: a dozen of these tables is a long way on a phone.
    st.html(
        f"<details class='wp-more'{' open' if first else ''}><summary><h3>{escape(name)} "
        f"<small>{escape(chosen.id)}@{chosen.revision}, {escape(chosen.date)}</small></h3>"
        "</summary>"
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{escape(name)}'>"
        f"<table class='wp-table wp-text'><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f"<h4>{escape(w(_facts_key(chosen), name=name))}</h4>"
        f"<ul class='wp-answer'>{''.join(facts)}</ul>{_figures_table(chosen, name)}</details>"
    )


def _facts_key(chosen: Preset) -> str:
    """What a list of facts is called: only a pitch says things of itself."""
    return "sources.facts" if chosen.kind == "advertised" else "sources.facts.case"


def _figures_table(chosen: Preset, name: str) -> str:
    """The figures its pitch publishes beside ours, or nothing."""
    rows = [
        (
            figure_name(figure),
            *figure_values(figure, ours, words()),
            # What an assumption was chosen by agrees by itself.
            w("cases.verdict.fitted")
            if figure.fitted
            else w("sources.agrees" if agrees else "sources.differs"),
        )
        for figure, ours, agrees in figures_of(chosen.id)
    ]
    if not rows:
        return ""
    head = [w(f"sources.head.{k}") for k in ("figure", "published", "ours", "verdict")]
    title = w("sources.figures", name=name)
    return f"<h4>{escape(title)}</h4>" + _table(head, rows, label=title)


def figure_name(figure: Figure) -> str:
    """What was published: in the preset's own words, or by the name of the column."""
    if figure.text is not None:
        return w.text(figure.text)
    what = w(f"figure.{figure.what}")
    if figure.step == "order":
        return w("sources.figure", what=what, order=count(figure.order, lang()))
    return w("sources.figure_day", what=what, day=count(figure.order, lang()))


def figure_values(figure: Figure, ours: float, said: Words) -> tuple[str, str]:
    """The published value and ours, as they are shown."""
    places = max(figure.decimals, 0)
    if figure.unit == "share":
        shown = figure.shown if figure.shown is not None else max(places - 2, 0)
        return f"{100 * figure.value:.8g}%", f"{100 * ours:.{shown}f}%"
    if figure.unit == "yuan":
        digits = 2 if figure.shown is None else figure.shown
        return yuan_places(figure.value, digits, said.lang), yuan_places(ours, digits, said.lang)
    digits = places + 2 if figure.shown is None else figure.shown
    return f"{figure.value:,.{places}f}", f"{ours:,.{digits}f}"


@lru_cache(maxsize=64)
def figures_of(id_: str) -> tuple[tuple[Figure, float, bool], ...]:
    """Each published figure of a preset, our value, and whether they agree."""
    return tuple(reproduced(preset(id_)))


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
    figures = [row for id_ in presets() for row in figures_of(id_)]
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
        + _table(head, rows, label=w("sources.method"))
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
    st.html(f"<h2>{escape(title)}</h2><p>{escape(intro)}</p>" + _table(head, rows, label=title))


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
            _date(source.date),
            w(f"grade.{source.grade}"),
        )
        for id_, source in sources().items()
    ]
    head = [w(f"sources.head.{k}") for k in ("id", "source", "date", "grade")]
    st.html(f"<h2>{escape(w('sources.list'))}</h2>" + _table(head, rows, label=w("sources.list")))
    rows = [
        (w(f"place.{place.id}"), count(place.people, lang()), _source(place.source))
        for place in places()
    ]
    head = [w(f"sources.head.{k}") for k in ("place", "people", "source")]
    st.html(_table(head, rows, label=w("sources.head.people")))
    notes = "".join(
        f"<li>{escape(date)}: {escape(w(f'correction.{date}'))}</li>" for date in CORRECTIONS
    )
    st.html(f"<h2>{escape(w('sources.corrections'))}</h2><ul class='wp-answer'>{notes}</ul>")
