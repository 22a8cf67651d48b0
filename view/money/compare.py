"""Several schemes on the same crowd of orders, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from model.library import preset, presets
from model.preset import Preset, SchemeError
from model.rounding import plain
from model.scheme import Scheme, scheme_parameters
from view.money.measured import Measured, measure
from view.parts import notices
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.pictures import charts, charts_compare
from view.queueing.heavy import beside
from view.sentences import case_words, findings
from view.settings import limits, state
from view.settings.runs import played
from view.settings.state import Settings
from view.words.format import count, multiple, percent, quantity, yuan, yuan_short

#: Schemes beside the page's own.
MOST_OTHERS = 4
#: Chosen if nobody has chosen yet.
OTHERS_AT_FIRST = 3
#: Five runs are waited for: no more than five years of each, and fewer where they cost too much.
MOST_TICKS = 1825
#: In the address: nothing is to be compared with.
NOTHING = "-"


def is_known(reference: str) -> bool:
    """Whether a name in the address is one of a scheme, or says that there is none."""
    try:
        return reference == NOTHING or bool(preset(reference))
    except SchemeError:
        return False


#: The page's own settings of this view: what the scheme is compared with.
OWN: dict[str, tuple[str, ...]] = {"with": state.names(is_known)}
#: What the crowd is and does: the same for every scheme.
CROWD = ("tick", "horizon", "demand.", "behaviour.")


# -- what is compared --------------------------------------------------------------------------


def others(page: Page) -> list[str]:
    """The schemes to compare with, as the address has them."""
    text = page.settings.page.get("with", "")
    if not text:
        return others_at_first(page.settings)
    return wanted(text, page.settings)


def wanted(text: str, settings: Settings) -> list[str]:
    """The schemes an address names; what does not exist, or is there twice, is left out."""
    found: list[str] = []
    for reference in text.split(",")[: 4 * MOST_OTHERS]:
        try:
            named = preset(reference.strip()) if reference.strip() not in {"", NOTHING} else None
        except SchemeError:
            continue
        if named is None or named.kind == "own" or named.reference in found:
            continue
        if named.reference == settings.preset.reference and not settings.changes:
            continue
        found.append(named.reference)
    return found[:MOST_OTHERS]


def others_at_first(settings: Settings) -> list[str]:
    """A scheme of each other kind, sound ones before the rest."""
    mine = {kind for kind, _ in settings.preset.parts}
    seen = {settings.preset.family}
    found: list[str] = []
    known = sorted((preset(id_) for id_ in presets()), key=lambda p: p.kind != "sound")
    for one in known:
        if one.family in seen or one.id == settings.preset.id or one.family in mine:
            continue
        seen.add(one.family)
        found.append(one.reference)
    return found[:OTHERS_AT_FIRST]


def on_the_same_crowd(other: Preset, scheme: Scheme) -> Scheme:
    """``other`` with the orders, days and people of ``scheme``, and its own prices and rules."""
    crowd = {
        key: scheme.get(key)
        for key in scheme_parameters(scheme)
        if key in CROWD or key.startswith(tuple(part for part in CROWD if part.endswith(".")))
    }
    return other.scheme(crowd)


# -- what is said ------------------------------------------------------------------------------


def finding(found: Sequence[Measured]) -> str:
    """The comparison in one sentence with its numbers; a real case says what was published."""
    told = _compared(found)
    if any(one.case for one in found[1:]):
        told = findings.headed(words(), told, w("case.compared"))
    return case_words.led(found[0].scheme, told, words())


def ranked(found: Sequence[Measured]) -> list[Measured]:
    """By how much of what was promised is paid or covered; where no sum is named, at the end."""
    return sorted(found, key=lambda m: -1.0 if m.kept is None else m.kept, reverse=True)


def _compared(found: Sequence[Measured]) -> str:
    if not any(one.buyers for one in found):
        return w("compare.no_orders")
    placed = [one for one in ranked(found) if one.kept is not None]
    others = [one.name for one in found if one.kept is None]
    return findings.headed(
        words(),
        _heading(len(found), placed),
        _order(placed, _time(found[0].scheme)) if placed else "",
        w("compare.finding.unranked", names=findings.listed(words(), others))
        if placed and others
        else "",
    )


def _heading(number: int, placed: Sequence[Measured]) -> str:
    covered = sum(not one.short for one in placed)
    if not placed:
        return w("compare.finding.one_none" if number == 1 else "compare.finding.none")
    if number == 1:
        return w("compare.finding.one_kept" if covered else "compare.finding.one_short")
    schemes, kept = (count(n, lang()) for n in (len(placed), covered))
    return w("compare.finding.ranked", schemes=schemes, covered=kept)


def _order(placed: Sequence[Measured], time: str) -> str:
    """Those that name a sum, one after the other."""
    parts = [w("compare.finding.part", name=one.name, part=_kept(one)) for one in placed]
    return w("compare.finding.order", time=time, parts=findings.listed(words(), parts))


def _kept(one: Measured) -> str:
    return w("compare.no_sum") if one.kept is None else percent(one.kept, lang())


def said(one: Measured) -> str:
    """What a scheme has promised, paid and still owes, beside the picture."""
    language, size = lang(), one.per_100
    paid = yuan(one.mean, language)
    if one.kept is None:
        return w("compare.said.unranked", name=one.name, paid=paid)
    return w(
        "compare.said.ranked",
        name=one.name,
        promised=yuan(one.mean + one.promised * size, language),
        paid=paid,
        owed=yuan(one.uncovered * size, language),
    )


def _time(scheme: Scheme) -> str:
    key = "format.days" if scheme.tick == "day" else "finding.orders"
    return w(key, n=count(scheme.horizon, lang()))


def assumption(scheme: Scheme) -> str:
    """What is the same for all of them."""
    language, behaviour, demand = lang(), scheme.behaviour, scheme.demand
    if scheme.tick == "order":
        said = w("compare.assume.orders", n=count(scheme.horizon, language))
    elif demand.kind == "list":
        said = w("compare.assume.list", days=count(scheme.horizon, language))
    else:
        orders = quantity(demand.orders_per_tick, language, short=True)
        days = count(scheme.horizon, language)
        if demand.kind == "steady" or not demand.growth:
            said = w("compare.assume.steady", orders=orders, days=days)
        else:
            growth = percent(demand.growth, language)
            said = w("compare.assume.growing", orders=orders, days=days, growth=growth)
    if behaviour.sell_share > 0:
        share = percent(behaviour.sell_share, language)
        said += w("compare.assume.give_up", share=share)
    else:
        said += w("compare.assume.stay")
    also = []
    if demand.stop_tick is not None:
        also.append(w("assume.stop", day=count(demand.stop_tick, language)))
    if behaviour.take_profit is not None:
        also.append(
            w(
                "assume.take",
                share=percent(behaviour.take_profit_share, language),
                multiple=multiple(behaviour.take_profit, language),
            )
        )
    if behaviour.panic_growth is not None and behaviour.panic_share > 0:
        also.append(
            w(
                "assume.panic",
                share=percent(behaviour.panic_share, language),
                growth=percent(behaviour.panic_growth, language),
            )
        )
    return said + w("compare.assume.also", parts=w("list.and").join(also)) if also else said


def source_line(names: Sequence[str]) -> str:
    """What stands inside every picture: the schemes with their revisions, and the project."""
    return w("source.preset", name=w("list.comma").join(names))


def rows(found: Sequence[Measured]) -> list[tuple[str, list[str]]]:
    """The table: what a row is about, and what it says of each scheme."""
    language = lang()

    def money(x: float) -> str:
        return yuan(x, language)

    def share(x: float | None) -> str:
        return w("compare.no_sum") if x is None else percent(x, language)

    def part(x: float | None) -> str:
        return w("compare.nothing_paid") if x is None else percent(x, language)

    def counted(say: Callable[[Measured], str]) -> Callable[[Measured], str]:
        return lambda m: w("case.not_counted") if m.case else say(m)

    def most(m: Measured) -> str:
        if m.limit is None:
            return w("compare.no_end")
        return money(m.limit) if m.limit else w("compare.no_sum")

    def broken(m: Measured) -> str:
        if not m.fixed:
            return w("compare.not_fixed")
        if m.broken is None:
            return w("compare.kept")
        return w("compare.broken", day=count(m.broken, language))

    def owed(m: Measured) -> str:
        return w("compare.no_sum") if m.kept is None else money(m.uncovered * m.per_100)

    def price(m: Measured) -> str:
        packages = len(m.scheme.order.choices) > 1
        text = yuan_short(m.price, language)
        return w("compare.on_average", amount=text) if packages else text

    firsts: list[tuple[str, Callable[[Measured], str]]] = []
    # Whoever joined on the same day is not told apart: less than a day says nothing.
    if found[0].first_day <= 0.01:
        firsts.append((w("compare.row.top1"), lambda m: part(m.top1)))
    if found[0].first_day <= 0.1:
        firsts.append((w("compare.row.top10"), lambda m: part(m.top10)))
    table: list[tuple[str, Callable[[Measured], str]]] = [
        (w("compare.row.price"), price),
        (w("compare.row.limit"), most),
        (w("compare.row.kept"), _kept),
        (w("compare.row.owed"), owed),
        (w("compare.row.mean"), lambda m: money(m.mean)),
        (w("compare.row.first"), lambda m: money(m.first)),
        (w("compare.row.middle"), lambda m: money(m.middle)),
        (w("compare.row.last"), lambda m: money(m.last)),
        (w("compare.row.even"), counted(lambda m: percent(m.even, language))),
        (w("compare.row.fulfilled"), counted(lambda m: share(m.fulfilled))),
        *firsts,
        (w("compare.row.promised"), lambda m: yuan_short(m.promised, language)),
        (w("compare.row.there"), lambda m: yuan_short(m.there, language)),
        (w("compare.row.broken"), broken),
    ]
    if any(m.nothing for m in found):
        nothing = (w("compare.row.nothing"), lambda m: percent(m.nothing, language))
        table.insert(table.index(firsts[0]) if firsts else len(table) - 3, nothing)
    if any(m.recruiting for m in found):
        table.append((w("compare.row.recruiting"), lambda m: money(m.recruiting)))
    return [(label, [say(one) for one in found]) for label, say in table]


def table_html(found: Sequence[Measured]) -> str:
    """The table; on a phone its first column stays while the rest is scrolled."""
    head = "".join(f"<th scope='col'>{escape(one.name)}</th>" for one in found)
    body = "".join(
        f"<tr><th scope='row'>{escape(label)}</th>"
        + "".join(f"<td>{escape(text)}</td>" for text in texts)
        + "</tr>"
        for label, texts in rows(found)
    )
    label = escape(w("compare.table"))
    return (
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table class='wp-table wp-compare'><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


#: Columns of the file: what of a scheme, and in which unit.
COLUMNS: Mapping[str, str] = {
    "price": "yuan",
    "limit": "yuan of each 100 spent",
    "kept": "share of all promised so far that is paid or covered",
    "uncovered": "yuan owed beyond the money there is",
    "mean": "yuan back of each 100 spent",
    "first": "the same, joined on the first day",
    "middle": "the same, joined half-way",
    "last": "the same, joined on the last day",
    "even": "share of orders paid at least their price",
    "fulfilled": "share of orders paid all they were promised",
    "top1": "share of all paid back that went to the first 1 %",
    "top10": "share of all paid back that went to the first 10 %",
    "promised": "yuan",
    "there": "yuan",
    "broken": "first day a fixed promise was not kept",
    "recruiting": "yuan of each 100 spent",
    "buyers": "orders",
    "spent": "yuan",
}


def _cell(one: Measured, name: str) -> Any:
    """A number of the file; of a real case nobody is counted as paid."""
    return None if one.case and name in {"even", "fulfilled"} else getattr(one, name)


def csv(found: Sequence[Measured], page: Page, source: str) -> bytes:
    """One row a scheme, with what is the same for all of them above."""
    frame = pd.DataFrame(
        [[one.reference, *(_cell(one, name) for name in COLUMNS)] for one in found],
        columns=["scheme", *(f"{name} ({unit})" for name, unit in COLUMNS.items())],
    )
    lines = [
        "# " + source,
        "# " + assumption(found[0].scheme),
        *(
            f"# {key} = {state.written(value)}"
            for key, value in sorted(page.settings.changes.items())
        ),
    ]
    text = (
        "\n".join(lines) + "\n" + frame.to_csv(index=False, lineterminator="\n", float_format=plain)  # type: ignore[arg-type]
    )
    return text.encode("utf-8-sig")


# -- the view ----------------------------------------------------------------------------------


def draw(page: Page) -> None:
    """The whole view; the heading and the choice of the scheme stand above it."""
    above = st.container()
    chosen = _choose(page)
    _crowd(page)
    below = st.container()
    found = _run(page, chosen)
    with above:
        _say(found)
    with below:
        days = found[0].scheme.horizon
        if days < page.scheme.horizon:
            notices.tell(w("compare.bounded", days=count(days, lang())))
        if len(found) < 2:
            notices.tell(w("compare.choose_more"))
        _pictures(page, ranked(found))
        st.header(w("compare.table"), anchor=False)
        st.html(table_html(ranked(found)))
        source = source_line([one.reference for one in found])
        st.download_button(
            w("table.csv"),
            data=lambda: csv(found, page, source),
            file_name="comparison.csv",
            mime="text/csv",
            key=f"{page.name}|compare-csv",
            on_click="ignore",
        )


def _say(found: Sequence[Measured]) -> None:
    st.html(
        f'<p class="wp-finding">{case_words.lines(finding(found))}</p>'
        f'<p class="wp-assume">{escape(assumption(found[0].scheme))}</p>'
    )


def bounded(scheme: Scheme, chosen: Sequence[Preset]) -> list[Scheme]:
    """``scheme`` and the others on its crowd, for no more days than are compared."""

    def all_of_them(days: int) -> list[Scheme]:
        mine = scheme.model_copy(update={"horizon": days})
        return [mine, *(other.model_copy(update={"horizon": days}) for other in also)]

    also = [on_the_same_crowd(other, scheme) for other in chosen]
    days = min(scheme.horizon, MOST_TICKS)
    return all_of_them(limits.days_together(all_of_them, days))


def _run(page: Page, chosen: Sequence[str]) -> list[Measured]:
    """The page's scheme first, then the others on its crowd."""
    settings = page.settings
    name = _named(settings.preset)
    reference = settings.preset.reference
    if settings.preset.kind == "own":
        reference = w("source.own")
    elif settings.changes and _rules_changed(settings):
        name = w("compare.changed", name=name)
        reference = w("compare.changed", name=reference)
    named = [preset(other) for other in chosen]
    mine, *theirs = bounded(page.scheme, named)
    beside(mine, *theirs)
    found = [measure(played(mine), name=name, reference=reference)]
    for other, scheme in zip(named, theirs, strict=True):
        found.append(measure(played(scheme), name=_named(other), reference=other.reference))
    return found


def _named(chosen: Preset) -> str:
    """A scheme in the comparison; of a real case only the rules are run."""
    name = w.text(chosen.name)
    return w("case.rules", name=name) if chosen.kind == "real_case" else name


def _rules_changed(settings: Settings) -> bool:
    """Whether the reader changed more than the crowd, which is the same for all."""
    crowd = tuple(part for part in CROWD if part.endswith("."))
    return any(key not in CROWD and not key.startswith(crowd) for key in settings.changes)


def _choose(page: Page) -> list[str]:
    """The choice of the other schemes, kept in the address."""
    chosen = others(page)
    widget = f"{page.key('with')}#"
    options = [preset(id_).reference for id_ in presets()]
    if not page.settings.changes:
        options = [one for one in options if one != page.settings.preset.reference]
    options += [one for one in chosen if one not in options]
    shown = st.session_state.get(widget)
    if shown is None or page.fresh or list(shown) != chosen:
        st.session_state[widget] = chosen

    def keep() -> None:
        now = [one for one in options if one in st.session_state[widget]]
        st.session_state[page.key("with")] = ",".join(now) or NOTHING

    st.multiselect(
        w("compare.with"),
        options,
        format_func=lambda one: w.text(preset(one).name),
        key=widget,
        on_change=keep,
        max_selections=MOST_OTHERS,
        placeholder=w("compare.placeholder"),
        help=w("compare.with.help"),
    )
    return chosen


def _crowd(page: Page) -> None:
    """Who comes, and for how long: the same for every scheme."""
    with st.container(key="wp-crowd", horizontal=True, gap="medium"):
        page.volume()
        page.growth()
        page.number("horizon")


def _pictures(page: Page, found: Sequence[Measured]) -> None:
    told = words()
    look = charts.Look(w=told, dark=dark())
    source = source_line([one.reference for one in found])
    foot = f"{assumption(found[0].scheme)}<br>{source}"
    shown = [
        charts_compare.Shown(
            name=one.name,
            bars=one.bars,
            mean=one.mean,
            promised=one.promised * one.per_100,
            there=one.there * one.per_100,
        )
        for one in found
    ]
    axis = w("chart.axis.order" if page.scheme.tick == "order" else "chart.axis.joined")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        title = w("compare.chart.back")
        st.html(f'<h2 class="wp-panel wp-low">{escape(title)}</h2>')
        st.plotly_chart(
            charts_compare.back_by_joining(
                shown,
                look,
                axis=axis,
                average=lambda amount: w("compare.chart.average", amount=amount),
                foot=foot,
            ),
            theme=None,
            key=f"{page.name}|chart-compare-back",
            config=charts.config(told, zoom=False),
            alt=f"{title} {' '.join(finding(found).split(chr(10)))}",
        )
    with right:
        title = w("compare.chart.promised")
        st.html(f'<h2 class="wp-panel wp-low">{escape(title)}</h2>')
        st.plotly_chart(
            charts_compare.promised_and_there(
                shown,
                look,
                promised=lambda amount: w("compare.chart.is_promised", amount=amount),
                there=lambda amount: w("compare.chart.is_there", amount=amount),
                foot=foot,
            ),
            theme=None,
            key=f"{page.name}|chart-compare-promised",
            config=charts.config(told, zoom=False),
            alt=f"{title} {_short_sentence(found)}",
        )
        lines = "".join(f"<li>{escape(said(one))}</li>" for one in found)
        st.html(f'<ul class="wp-assume">{lines}</ul>')


def _short_sentence(found: Sequence[Measured]) -> str:
    language = lang()
    return " ".join(
        w(
            "compare.alt.promised",
            name=one.name,
            promised=yuan_short(one.promised, language),
            there=yuan_short(one.there, language),
        )
        for one in found
    )
