"""Lists of a reader's own rules, typed as lines of numbers."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from model.scheme import MAX_PACKAGES, Scheme
from view.mechanisms.face import Column, faces
from view.money import rows
from view.money.rows import Unit, UnreadableError
from view.money.rules_own import TINY, RulesError, holds
from view.parts import knobs, notices
from view.parts.context import lang, w
from view.parts.controls import Page
from view.words.format import percent
from view.words.plain import quoted

#: The unit of a column that a rule adds to the packages.
_NUMBER: Unit = "number"


def draw(page: Page, key: str) -> None:
    """A list as lines of text. What cannot be used waits in the box and is named."""
    kind, _, name = knobs.kind_key(page.scheme, key).rpartition(".")
    table = faces()[kind].tables[name]
    single = len(table.columns) == 1
    value = page.scheme.get(key)

    def shown() -> str:
        if single:
            return rows.written([value], table.columns * max(len(value), 1)) if value else ""
        return rows.written(value, table.columns)

    def values(text: str) -> dict[str, Any]:
        if single:
            return {key: tuple(rows.read_one(text, table.columns[0]))}
        found = rows.read(text, table.columns)
        if any(cell is None for row in found for cell in row):
            raise RulesError(table.must)
        if table.days:
            if any(day is None or day != int(day) for day, _ in found):
                raise RulesError(table.must)
            return {key: tuple((int(day or 0), amount) for day, amount in found)}
        return {key: tuple(found)}

    _lines(
        page,
        key,
        label=page.label(key),
        help_=page.help(key),
        line=w(table.line),
        must=table.must,
        shown=shown(),
        values=values,
    )


def _lines(
    page: Page,
    key: str,
    *,
    label: str,
    help_: str,
    line: str,
    must: str,
    shown: str,
    values: Callable[[str], dict[str, Any]],
) -> None:
    """A box for lines of numbers; ``values`` turns its text into the parameters it sets."""
    widget, mark = f"{page.key(key)}~lines", f"{page.key(key)}~shown"
    trouble = f"{page.key(key)}~trouble"
    settings = page.settings
    if page.fresh or widget not in st.session_state or st.session_state.get(mark) != shown:
        st.session_state[widget], st.session_state[mark] = shown, shown
        st.session_state.pop(trouble, None)

    def keep() -> None:
        text = st.session_state[widget]
        st.session_state.pop(trouble, None)
        try:
            wanted = values(text)
        except UnreadableError as error:
            st.session_state[trouble] = (
                "rules.unreadable",
                {"number": str(error.line), "text": quoted(error.text)},
            )
            return
        except RulesError as error:
            st.session_state[trouble] = (error.key, error.values)
            return
        if not holds(settings, wanted):
            st.session_state[trouble] = (must, {})
            return
        for name, value in wanted.items():
            st.session_state[page.key(name)] = value

    st.text_area(
        label,
        key=widget,
        on_change=keep,
        help=help_,
        max_chars=5000,
        height=68 + 24 * min(max(shown.count("\n"), 1), 8),
    )
    problem = st.session_state.get(trouble)
    if problem is not None:
        name, told = problem
        notices.warn(w(name, **told))
    else:
        st.html(f'<p class="wp-assume">{escape(line)}</p>')


def package_columns(scheme: Scheme) -> list[Column]:
    """Lists that go by package, of every mechanism that is there; named by their keys."""
    return [
        column._replace(name=f"{m.name}.{column.name}")
        for m in scheme.mechanisms
        for column in faces()[m.kind].columns(m)
    ]


def package_rows(scheme: Scheme) -> list[tuple[float | None, ...]]:
    """The packages as lines: price in yuan, share of orders, then what goes by package."""
    columns = package_columns(scheme)
    given = [scheme.get(column.name) for column in columns]
    spend = scheme.order.spend
    return [
        (
            multiple * spend,
            share,
            *(((values[at] if values else None) for values in given) if any(given) else ()),
        )
        for at, (multiple, share) in enumerate(scheme.order.packages)
    ]


def package_values(scheme: Scheme, text: str) -> dict[str, Any]:
    """What the packages as lines of text set; raises UnreadableError or RulesError."""
    columns = package_columns(scheme)
    units: tuple[Unit, ...] = ("number", "share", *[_NUMBER] * len(columns))
    found = rows.read(text, units, least=2)
    spend = scheme.order.spend
    if any(cell is None for row in found for cell in row[:2]):
        raise RulesError("rules.must.packages")
    if len(found) > MAX_PACKAGES:
        raise RulesError("rules.must.packages")
    total = sum(row[1] or 0.0 for row in found)
    if found and abs(total - 1) > TINY:
        raise RulesError("rules.must.packages_sum", total=percent(total, lang()))
    values: dict[str, Any] = {
        "order.packages": tuple(((row[0] or 0.0) / spend, row[1]) for row in found)
    }
    for at, column in enumerate(columns, 2):
        cells = [row[at] if at < len(row) else None for row in found]
        missing = cells.count(None)
        if missing not in {0, len(cells)}:
            raise RulesError("rules.must.column", column=w(column.label))
        values[column.name] = () if missing or not cells else tuple(cells)
    return values


def packages(page: Page) -> None:
    """The packages as lines of text, where there may be several prices."""
    scheme = page.scheme
    if not all(faces()[m.kind].packages for m in scheme.mechanisms):
        return
    columns = package_columns(scheme)
    units: tuple[Unit, ...] = ("number", "share", *[_NUMBER] * len(columns))
    line = w("rules.line.packages")
    if columns:
        labels = w("list.comma").join(w(column.label) for column in columns)
        line = w("rules.line.packages_more", columns=labels)
    _lines(
        page,
        "order.packages",
        label=page.label("order.packages"),
        help_=w("rules.packages.help"),
        line=line,
        must="rules.must.packages",
        shown=rows.written(package_rows(scheme), units),
        values=lambda text: package_values(scheme, text),
    )
