"""Links that keep their numbers, data to take along, and the line that says where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from model import rounding
from model.preset import Preset
from model.result import Result
from model.room import RoomError, Table
from view.mechanisms.face import faces, paid_down
from view.mechanisms.scheduled_release.flows import due_and_income
from view.pages import PAGES
from view.parts.context import lang, w, words
from view.parts.controls import Page
from view.sentences import findings
from view.settings import state
from view.words.format import NOTHING


def source_line(page: Page) -> str:
    """What stands inside every picture: preset with revision, project."""
    return findings.source_line(page.settings.preset, page.settings.changes, words())


def foot(page: Page) -> str:
    """Assumption and source, one line each, for the foot of a picture."""
    settings = page.settings
    return findings.foot(page.scheme, settings.preset, settings.changes, words())


def to_money(page: Page, *, label: str = "check.to_money") -> None:
    """A link to the live view that carries the numbers set here."""
    _go("money", page.settings.preset, page.settings.changes, w(label))


def to_claims(page: Page) -> None:
    """A link to what is claimed of such offers, with the numbers set here."""
    _go("claims", page.settings.preset, page.settings.changes, w("claims.from_elsewhere"))


def to_room(page: Page) -> None:
    """A link to a class room that plays these settings, where a class can play them."""
    chosen, changes = page.settings.preset, page.settings.changes
    if chosen.kind == "real_case":
        return
    try:
        Table(page.scheme)
    except RoomError:
        return
    query = state.address(chosen, changes, page={}, defaults={}, keep={state.LANGUAGE: lang()})
    there = escape(f"./room/new?{urlencode(query)}")
    st.html(f'<p class="wp-to-room"><a href="{there}">{escape(w("share.room"))}</a></p>')


def money_link(chosen: Preset, changes: Mapping[str, Any], *, label: str) -> None:
    """A link to the live view of a scheme with ``changes`` made to it; once on a page."""
    _go("money", chosen, changes, label)


def _go(to: str, chosen: Preset, changes: Mapping[str, Any], label: str) -> None:
    entry = next(entry for entry in PAGES if entry.id == to)
    query = state.address(
        chosen,
        changes,
        page={},
        defaults={},
        keep={state.LANGUAGE: lang()} if state.LANGUAGE in st.query_params else {},
    )
    with st.container(key=f"wp-go-{to}"):
        st.page_link(
            st.Page(entry.script, url_path=entry.url_path),
            label=label,
            query_params=query,
            icon=":material/arrow_forward:",
        )


class Column(NamedTuple):
    """A column of the table and of the file."""

    name: str  # in the file, and of its words after ``column.``
    unit: str
    data: Any  # shape (ticks,)


#: What the columns of ``Result.series`` are called and counted in, where a points pool is first.
UNITS = {
    "orders": "orders",
    "sales": "yuan",
    "pool": "yuan",
    "points": "points",
    "price": "yuan per point",
    "paid_in": "yuan",
    "paid_out": "yuan",
    "fees": "yuan",
    "promised": "yuan",
    "holders": "orders",
    "exits": "orders",
}
#: Columns of the table; the file has all.
TOLD = ("sales", "promised")


def columns(result: Result) -> list[Column]:
    """What is known of each tick, named by what it means under these rules."""
    series = result.series
    names = dict(UNITS)
    if not paid_down(result.scheme):
        names = {"orders": "orders", "sales": "yuan"}
    found = [Column(name, unit, series[name].to_numpy()) for name, unit in names.items()]
    if result.points is None and result.records:
        renamed = faces()[result.records[0].kind].series
        found = [
            Column(*renamed[c.name], c.data) if c.name in renamed else c
            for c in found
            if c.name != "fees" or c.data.any()
        ]
    if result.broken is not None and result.scheme.platform.policy == "stop":
        # After that nothing is due, so there is no part of it that is paid.
        after = np.arange(result.ticks) >= result.broken.tick
        found = [
            c._replace(data=np.where(after, np.nan, c.data)) if c.name == "part_paid" else c
            for c in found
        ]
    release, commission = result.engines.release, result.engines.commission
    if release is not None:
        due = due_and_income(result)
        found.append(Column("due", "yuan", due["due"]))
        if release.settings.rewards:
            found.append(Column("ads", "yuan", due["ads"]))
    if commission is not None:
        paid = commission.due.sum(axis=0) * np.array(commission.paid)
        found.append(Column("commissions", "yuan", paid + np.array(commission.prizes)))
        if commission.settings.circle:
            circle = commission.circle()
            found += [
                Column("circle_cash", "yuan", circle["cash"]),
                Column("circle_shop", "yuan", circle["merchant"]),
                Column("circle_goods", "yuan", circle["goods"]),
            ]
    return found


def table(result: Result, page: Page) -> None:
    """The table behind the charts and its file."""
    behind = st.expander(w("table.title"), on_change="rerun", key=f"{page.name}|table")
    if not behind.open:
        return
    with behind:
        st.markdown(w("table.intro"))
        points = findings.kind(page.scheme) == "points"
        told = [
            column
            for column in columns(result)
            # The table of a points pool shows what its pictures do.
            if not (points and column.name in {*TOLD, "commissions"})
        ]
        shown = pd.DataFrame(
            {w(f"column.{column.name}"): column.data for column in told},
            index=result.series.index,
        )
        step = max(1, len(shown) // 50)
        shown = shown.iloc[::step]
        # In the corner and not in a row of its own: a heading must not be empty.
        shown.index.name, shown.columns.name = None, w("column.tick")
        label = escape(w("table.title"))
        st.html(
            f'<div class="wp-scroll" tabindex="0" role="region" aria-label="{label}">'
            + shown.to_html(
                border=0, classes="wp-table", float_format=rounding.written, na_rep=NOTHING
            )
            + "</div>"
        )
        above = (*heads(page), *filter(None, [findings.halted(result, words())]))
        st.download_button(
            w("table.csv"),
            data=lambda: csv(result, above),
            file_name=f"{page.settings.preset.id}.csv",
            mime="text/csv",
            key=f"{page.name}|csv",
            on_click="ignore",
        )


def heads(page: Page) -> tuple[str, ...]:
    """What stands above a file of numbers, in the reader's language."""
    return (
        source_line(page),
        findings.assumption(page.scheme, words()),
        *(
            f"{key} = {state.written(value)}"
            for key, value in sorted(page.settings.changes.items())
        ),
    )


def csv(result: Result, above: Sequence[str]) -> bytes:
    """The series as CSV: ``above`` (what it is, the settings), then columns with their units.

    It may run after the page has: whatever depends on the visit is in ``above``.
    """
    told = pd.DataFrame(
        {f"{column.name} ({column.unit})": column.data for column in columns(result)}
    )
    told.insert(0, "tick (tick)", result.series.index)
    comments = "".join(f"# {line}\n" for line in above)
    body = told.to_csv(index=False, lineterminator="\n", float_format=rounding.plain)  # type: ignore[arg-type]
    return (comments + body).encode("utf-8-sig")


def reset_button(page: Page) -> None:
    """Back to the preset, if anything was changed."""
    if page.is_changed:
        st.button(w("control.reset"), on_click=page.reset, key=f"{page.name}|reset-button")
