"""Links that keep their numbers, data to take along, and the line that says where it comes from."""

from __future__ import annotations

from html import escape

import streamlit as st

from model.result import Result
from view import findings, state
from view.context import lang, w, words
from view.controls import Page
from view.pages import PAGES


def source_line(page: Page) -> str:
    """What stands inside every picture: assumption, preset with revision, project."""
    chosen = page.settings.preset
    name = f"{chosen.id}@{chosen.revision}"
    key = "source.changed" if page.settings.changes else "source.preset"
    return w(key, name=name)


def foot(page: Page) -> str:
    """Assumption and source, one line each, for the foot of a picture."""
    return f"{findings.assumption(page.scheme, words())}<br>{source_line(page)}"


def to_money(page: Page) -> None:
    """A link to the live view that carries the numbers set here."""
    entry = next(entry for entry in PAGES if entry.id == "money")
    query = state.address(
        page.settings.preset,
        page.settings.changes,
        page={},
        defaults={},
        keep={state.LANGUAGE: lang()} if state.LANGUAGE in st.query_params else {},
    )
    with st.container(key="wp-go"):
        st.page_link(
            st.Page(entry.script, url_path=entry.url_path),
            label=w("check.to_money"),
            query_params=query,
            icon=":material/arrow_forward:",
        )


def table(result: Result, page: Page) -> None:
    """The table behind the charts and its file."""
    behind = st.expander(w("table.title"), on_change="rerun", key=f"{page.name}|table")
    if not behind.open:
        return
    with behind:
        series = result.series
        st.markdown(w("table.intro"))
        step = max(1, len(series) // 50)
        shown = series[
            ["orders", "pool", "points", "price", "paid_in", "paid_out", "fees", "holders", "exits"]
        ]
        shown = shown.iloc[::step].round(4)
        shown.columns = [w(f"column.{name}") for name in shown.columns]
        # In the corner and not in a row of its own: a heading must not be empty.
        shown.index.name, shown.columns.name = None, w("column.tick")
        label = escape(w("table.title"))
        st.html(
            f'<div class="wp-scroll" tabindex="0" role="region" aria-label="{label}">'
            + shown.to_html(border=0, classes="wp-table", float_format="{:,.2f}".format)
            + "</div>"
        )
        st.download_button(
            w("table.csv"),
            data=lambda: csv(result, page),
            file_name=f"{page.settings.preset.id}.csv",
            mime="text/csv",
            key=f"{page.name}|csv",
            on_click="ignore",
        )


#: Unit of each column of the file.
UNITS = {
    "tick": "tick",
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


def csv(result: Result, page: Page) -> bytes:
    """The series as CSV: what it is, the settings, then columns with their units."""
    lines = [
        "# Who Pays? " + source_line(page),
        "# " + findings.assumption(page.scheme, words()),
        *(
            f"# {key} = {state.written(value)}"
            for key, value in sorted(page.settings.changes.items())
        ),
    ]
    series = result.series.reset_index()
    series.columns = [f"{name} ({UNITS[name]})" for name in series.columns]
    return ("\n".join(lines) + "\n" + series.to_csv(index=False, lineterminator="\n")).encode(
        "utf-8-sig"
    )


def reset_button(page: Page) -> None:
    """Back to the preset, if anything was changed."""
    if page.is_changed:
        st.button(w("control.reset"), on_click=page.reset, key=f"{page.name}|reset-button")
