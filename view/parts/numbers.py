"""The numbers of a preset, published and set, each with where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

import streamlit as st

from model.fields import Parameter
from model.library import preset
from model.preset import Figure, Preset, sources
from model.published import reproduced
from model.scheme import named_parameters
from view.parts.context import lang, w, words
from view.parts.controls import shown
from view.words.format import count, yuan_places
from view.words.words import Words


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str) -> str:
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


def source_and_date(id_: str) -> str:
    """A source's title and date."""
    found = sources()[id_]
    return f"{w.text(found.title)} ({date(found.date)})"


def date(date: str) -> str:
    """A source's date, or that it has none."""
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
            f"<small>{escape(source_and_date(item.source))}</small></td></tr>"
        )
    head = "".join(
        f"<th scope='col'>{escape(w(f'sources.head.{k}'))}</th>"
        for k in ("number", "value", "quality")
    )
    facts = []
    for fact in chosen.fact:
        mark = f" <em>({escape(w('sources.contradiction'))})</em>" if fact.contradiction else ""
        facts.append(
            f"<li>{escape(w.text(fact.text))}{mark} <small>{escape(source_and_date(fact.source))}; "
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
    return f"<h4>{escape(title)}</h4>" + table(head, rows, label=title)


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
