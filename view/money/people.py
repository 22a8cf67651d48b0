"""How the money spreads over people, and not only over days."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import pandas as pd
import streamlit as st

from model import people
from model.library import preset, presets, real_case
from model.recruitment import MAX_MEMBERS
from model.rounding import rounded
from model.scheme import Scheme
from view.mechanisms.people import people_of
from view.parts import notices, share
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.pictures import charts, charts_people
from view.sentences import case_words, findings
from view.sentences.offered import offered
from view.settings import state
from view.settings.state import Settings
from view.words.format import count, count_short, percent, yuan

MOST_SEED = 1_000_000
#: The page's own settings of this view: how strongly newcomers go to those who brought many, and
#: which draw it is.
OWN: dict[str, tuple[str, ...]] = {"pull": state.whole(0, 100), "seed": state.whole(1, MOST_SEED)}
PULLS = (0, 25, 50, 75, 100)
KINDS = {
    "own": "people.kind.own",
    "recruits": "people.kind.recruits",
    "commission": "people.kind.commission",
    "stars": "people.kind.stars",
    "ranks": "people.kind.ranks",
}
#: Groups by what they got back, by who came first, and by how many they brought.
BACK = ("people.back.top", "people.back.next", "people.back.middle", "people.back.rest")
JOINED = ("people.joined.top", "people.joined.next", "people.joined.middle", "people.joined.rest")
#: One large run at a time: it takes seconds, and some hundred megabytes.
_large = threading.Semaphore(1)


def applies(scheme: Scheme) -> bool:
    """Whether what one is paid depends on whom one brought, or on a rank."""
    return people.matters(scheme)


# -- what is measured --------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, kw_only=True)
class Told:
    """What the view says of one draw; a few rows, whatever the number of members."""

    members: float
    drawn: int
    kinds: tuple[str, ...]
    paid_back: float
    by_back: pd.DataFrame
    by_joined: pd.DataFrame
    by_recruits: pd.DataFrame

    @property
    def paid_out(self) -> float:
        """Yuan paid to all."""
        return float(self.by_back["received"].sum())


def told(found: people.People) -> Told:
    """The groups of one draw."""
    return Told(
        members=found.members,
        drawn=found.drawn,
        kinds=tuple(found.kinds),
        paid_back=found.paid_back,
        by_back=found.table("back"),
        by_joined=found.table("joined"),
        by_recruits=found.by_recruits(),
    )


@lru_cache(maxsize=32)
def measured(scheme: Scheme, seed: int, pull: float) -> Told | None:
    """The draw that is shown at once; None if nobody orders."""
    try:
        return told(people.spread(scheme, seed=seed, pull=pull))
    except ValueError:
        return None


def per_100(table: pd.DataFrame, kinds: Sequence[str]) -> pd.DataFrame:
    """Yuan of each 100 that a group paid, by kind; nothing where there is nobody."""
    return 100 * table[list(kinds)].div(table["paid"].where(table["paid"] > 0), axis=0).fillna(0.0)


# -- what is said ------------------------------------------------------------------------------


def _time(scheme: Scheme) -> str:
    key = "format.days" if scheme.tick == "day" else "finding.orders"
    return w(key, n=count(scheme.horizon, lang()))


def money(x: float) -> str:
    """Yuan to the fen; what is less is said to be."""
    return (
        w("people.little", amount=yuan(0.01, lang()))
        if 0 < x < 0.005
        else yuan(float(rounded(x)), lang())
    )


def _rate(table: pd.DataFrame, row: int) -> str:
    paid = float(table["paid"].iloc[row])
    return money(100 * float(table["received"].iloc[row]) / paid if paid else 0.0)


def finding(found: Told, scheme: Scheme) -> str:
    """Who got what, in a sentence or two with their numbers."""
    language = lang()
    common = {"time": _time(scheme), "buyers": count_short(round(found.members), language)}
    if found.paid_out <= 0:
        return case_words.led(scheme, w("people.finding.nothing", **common), words())
    said = w(
        "people.finding",
        nobody=count_short(round(found.by_recruits["members"].iloc[0]), language),
        low=_rate(found.by_recruits, 0),
        top=count_short(round(found.by_back["members"].iloc[0]), language),
        high=_rate(found.by_back, 0),
        **common,
    )
    if real_case(scheme) is not None:
        return case_words.led(scheme, said, words())
    even = round(found.paid_back)
    if even:
        also = w("people.finding.even", even=count_short(even, language))
    else:
        also = w("people.finding.even_none")
    return findings.headed(words(), said, also)


def assumption(scheme: Scheme, pull: float, seed: int) -> str:
    """Who brings whom, and what no rule says."""
    language, leaves = lang(), scheme.behaviour.sell_share
    if pull <= 0:
        parts = [w("people.assume.alike")]
    elif pull >= 1:
        parts = [w("people.assume.pull")]
    else:
        parts = [w("people.assume.some", share=percent(pull, language))]
    if not all(offered(mechanism).on_top for mechanism in scheme.mechanisms):
        parts.append(
            w("assume.gives_up", share=percent(leaves, language)) if leaves else w("assume.stays")
        )
    for mechanism in scheme.mechanisms:
        parts += people_of(mechanism).share(mechanism, words())
    if any(people_of(mechanism).ranks(mechanism) for mechanism in scheme.mechanisms):
        parts.append(w("people.assume.ranks"))
    return findings.together(
        words(),
        w("assume.list", parts=findings.listed(words(), parts)),
        w("people.assume.draw", seed=count(seed, language)),
    )


def always(found: Told) -> str:
    """How many have brought nobody, however long it goes on; said where it does not depend on it.

    Where most came on the first day there was nobody to bring them.
    """
    nobody = float(found.by_recruits["members"].iloc[0]) / found.members
    if found.members < 100 or not 0.4 < nobody < 0.75:
        return ""
    return w("people.always", share=percent(float(rounded(nobody)), lang()))


def how(scheme: Scheme) -> list[str]:
    """How it is worked out, and what is left out."""
    said = [w("people.how.tree"), w("people.how.money")]
    for mechanism in scheme.mechanisms:
        said += people_of(mechanism).how(mechanism, scheme, words())
    return said


# -- the pictures and the table ----------------------------------------------------------------


def brought_names(table: pd.DataFrame) -> list[str]:
    """What the groups by members brought are called: 0, 1, 2, 3–4, ..., 10+."""
    edges = [int(k) for k in table.index]
    names = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        if high is None:
            names.append(f"{low}+")
        else:
            names.append(str(low) if high == low + 1 else f"{low}–{high - 1}")
    return names


def _groups(found: Told, table: pd.DataFrame, names: Sequence[str]) -> list[charts_people.Group]:
    """The groups anybody is in, for a picture."""
    back, language = per_100(table, found.kinds), lang()
    return [
        charts_people.Group(
            name=name,
            people=w("people.chart.people", n=count_short(round(heads), language)),
            back={kind: float(row[kind]) for kind in found.kinds},
        )
        for name, heads, (_, row) in zip(names, table["members"], back.iterrows(), strict=True)
        if round(heads)
    ]


def _pictures(page: Page, found: Told, foot: str) -> None:
    said = words()
    look = charts.Look(w=said, dark=dark())
    kinds = {kind: w(KINDS[kind]) for kind in found.kinds}
    both = (
        (
            "back",
            w("people.chart.back"),
            _groups(found, found.by_back, [w(name) for name in BACK]),
        ),
        (
            "brought",
            w("people.chart.brought"),
            _groups(
                found,
                found.by_recruits,
                [w("people.chart.number", n=n) for n in brought_names(found.by_recruits)],
            ),
        ),
    )
    for column, (key, title, groups) in zip(st.columns(2, gap="medium"), both, strict=True):
        figure = charts_people.back_by_group(groups, look, kinds=kinds, money=money, foot=foot)
        numbers = findings.listed(said, [f"{one.name}: {money(one.total)}" for one in groups])
        with column:
            st.html(f'<h2 class="wp-panel wp-low">{escape(title)}</h2>')
            st.plotly_chart(
                figure,
                theme=None,
                key=f"{page.name}|chart-people-{key}",
                config=charts.config(said, zoom=False),
                alt=f"{title} {numbers}",
            )


def table_html(found: Told) -> str:
    """All groups in one table, in three bands."""
    language = lang()
    heads = ["buyers", "back", "brought", "paid", "received", "even"]
    prices = found.by_back["paid"] / found.by_back["members"].where(found.by_back["members"] > 0)
    if prices.max() - prices.min() <= 1e-9 * prices.max():
        heads.remove("paid")  # everybody paid the same
    names = {
        "buyers": w("people.column.buyers"),
        "brought": w("people.column.brought"),
        "paid": w("people.column.paid"),
        "received": w("people.column.received"),
        "back": w("people.column.back"),
        "even": w("people.column.even"),
    }
    bands = (
        (w("people.band.back"), found.by_back, [w(name) for name in BACK]),
        (w("people.band.joined"), found.by_joined, [w(name) for name in JOINED]),
        (w("people.band.brought"), found.by_recruits, brought_names(found.by_recruits)),
    )
    body = []
    for title, table, labels in bands:
        body.append(
            f"<tr class='wp-band'><th scope='rowgroup'>{escape(title)}</th>"
            f"<td colspan='{len(heads)}'></td></tr>"
        )
        for label, (_, row) in zip(labels, table.iterrows(), strict=True):
            members, paid = float(row["members"]), float(row["paid"])
            if not round(members):
                continue
            cells = {
                "buyers": count_short(round(members), language),
                "brought": _one_decimal(float(row["brought"]) / members),
                "paid": yuan(paid / members, language),
                "received": money(float(row["received"]) / members),
                "back": money(100 * float(row["received"]) / paid),
                "even": percent(float(row["paid_back"]) / members, language),
            }
            body.append(
                f"<tr><th scope='row'>{escape(label)}</th>"
                + "".join(f"<td>{escape(cells[name])}</td>" for name in heads)
                + "</tr>"
            )
    head = "".join(f"<th scope='col'>{escape(names[name])}</th>" for name in heads)
    label = escape(w("people.table"))
    return (
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table class='wp-table wp-compare wp-people'><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _one_decimal(number: float) -> str:
    return f"{number:.1f}" if number < 100 else f"{number:,.0f}"


# -- the view ----------------------------------------------------------------------------------


def draw(page: Page) -> None:
    """The whole view; the heading and the choice of the scheme stand above it."""
    if not applies(page.scheme):
        _elsewhere(page)
        return
    above = st.container()
    pull, seed = _knobs(page)
    below = st.container()
    all_of_them = st.container()
    found = measured(page.scheme, seed, pull)
    if found is None:
        notices.tell(w("finding.no_orders"), into=above)
        return
    with all_of_them:
        found = _more(page, found, seed, pull)
    assumed = assumption(page.scheme, pull, seed)
    with above:
        st.html(
            f'<p class="wp-finding">{case_words.lines(finding(found, page.scheme))}</p>'
            f'<p class="wp-assume">{escape(assumed)}</p>'
        )
    with below:
        _pictures(page, found, f"{assumed}<br>{share.source_line(page)}")
        more = always(found)
        if more:
            st.html(f'<p class="wp-besides">{escape(more)}</p>')
    st.header(w("people.table"), anchor=False)
    st.html(table_html(found))
    behind = st.expander(w("people.how"), on_change="rerun", key=f"{page.name}|people-how")
    if behind.open:
        lines = "".join(f"<li>{escape(line)}</li>" for line in how(page.scheme))
        behind.html(f"<ul class='wp-answer'>{lines}</ul>")


def _elsewhere(page: Page) -> None:
    """That recruits change nothing here, and where they do."""
    st.html(f'<p class="wp-finding">{case_words.lines(w("people.elsewhere"))}</p>')
    with st.container(horizontal=True, key="wp-people-elsewhere"):
        for id_ in presets(kind="advertised"):
            named = preset(id_)
            if applies(named.scheme()):
                st.button(
                    w.text(named.name),
                    key=f"{page.name}|people-{id_}",
                    on_click=page.take,
                    args=(Settings(named, {}, {}),),
                )


def _knobs(page: Page) -> tuple[float, int]:
    """Who brings whom, for how long, and another draw; all kept in the address."""
    pull, seed = page.whole("pull", 0, 100) or 0, page.whole("seed", 1, MOST_SEED) or 1
    widget = f"{page.key('pull')}#"
    options = sorted({*PULLS, pull})
    if page.fresh or st.session_state.get(widget) not in options:
        st.session_state[widget] = pull

    def keep() -> None:
        chosen = st.session_state[widget]
        st.session_state[page.key("pull")] = str(chosen) if chosen else ""

    def again() -> None:
        st.session_state[page.key("seed")] = str(seed % MOST_SEED + 1)

    language = lang()
    with st.container(key="wp-crowd", horizontal=True, gap="medium"):
        st.select_slider(
            w("people.pull"),
            options,
            key=widget,
            on_change=keep,
            format_func=lambda share_: percent(share_ / 100, language),
            help=w("people.pull.help"),
        )
        if page.scheme.tick == "day" and page.scheme.demand.kind != "list":
            page.volume()
        page.number("horizon")
        st.button(
            w("people.again"),
            key=f"{page.name}|people-again",
            on_click=again,
            icon=":material/casino:",
            help=w("people.again.help"),
        )
    return pull / 100, seed


def _more(page: Page, found: Told, seed: int, pull: float) -> Told:
    """Where not everybody is drawn: how many are, and a button for all of them, or a million."""
    language = lang()
    memory = f"{page.name}|people-all"
    key = (page.scheme, seed, pull)
    kept = st.session_state.get(memory)
    if kept is not None and kept[0] == key:
        found = kept[1]
    whole, most = round(found.members), min(round(found.members), MAX_MEMBERS)
    if found.drawn >= whole:
        return found
    slot = st.empty()
    if found.drawn >= most:
        slot.html(_drawn(found))
        return found
    with slot.container():
        st.html(_drawn(found))
        asked = st.button(
            w("people.all", n=count_short(most, language)), key=f"{page.name}|people-run"
        )
    if not asked:
        return found
    if not _large.acquire(blocking=False):
        notices.tell(w("people.busy"))
        return found
    try:
        bar = slot.progress(0.0, text=w("people.running"))

        def show(done: float) -> None:
            bar.progress(min(done, 1.0), text=w("people.running"))

        found = told(people.spread(page.scheme, seed=seed, pull=pull, members=most, progress=show))
    finally:
        _large.release()
    st.session_state[memory] = (key, found)
    if found.drawn < whole:
        slot.html(_drawn(found))
    else:
        slot.empty()
    return found


def _drawn(found: Told) -> str:
    """How many are drawn of how many."""
    drawn, buyers = (count_short(n, lang()) for n in (found.drawn, round(found.members)))
    return f'<p class="wp-assume">{escape(w("people.drawn", drawn=drawn, buyers=buyers))}</p>'
