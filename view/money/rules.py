"""Change the rules: tick mechanisms, set where the price goes, and keep the result as a file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from model.scheme import (
    KINDS,
    RECIPIENTS,
    Mechanism,
    Parts,
    Scheme,
    scheme_parameters,
)
from view import palette
from view.mechanisms.face import faces, fixed, meant
from view.money import rules_file, rules_tables
from view.money.rules_own import TINY, RulesError, added, holds, without
from view.parts import knobs, notices
from view.parts.boxes import number_box
from view.parts.context import dark, lang, w
from view.parts.controls import Page, from_widget, to_widget
from view.sentences import case_words
from view.words.format import percent, yuan
from view.words.typed import Allowed

#: The page's own settings of this view: none, all of it is the scheme.
OWN: dict[str, tuple[str, ...]] = {}

#: The terms on which what is released can be withdrawn.
WITHDRAWALS = (
    "platform.withdrawal_fee",
    "platform.fee_step",
    "platform.minimum",
    "platform.raised_minimum",
    "platform.raised_from",
)


# -- what is said ------------------------------------------------------------------------------


def finding(scheme: Scheme) -> str:
    """What comes in with one order and what is promised for it: no behaviour changes that."""
    language = lang()
    spend = scheme.order.mean_spend
    split = scheme.split()
    # Fixed promises are also paid from the platform's account.
    there = 100 * (split.get("pool", 0.0) + (split.get("platform", 0.0) if fixed(scheme) else 0.0))
    most = scheme.most_paid
    if most is None:
        return w("rules.finding.no_end", there=yuan(there, language))
    promised = 100 * most / spend
    if not promised:
        recruiting = 100 * split.get("distribution", 0.0)
        return w("rules.finding.nothing", recruiting=yuan(recruiting, language))
    if promised <= there * (1 + 1e-9):
        return w(
            "rules.finding.covered", there=yuan(there, language), most=yuan(promised, language)
        )
    return w(
        "rules.finding.more",
        there=yuan(there, language),
        most=yuan(promised, language),
        more=yuan(promised - there, language),
    )


def mechanism_name(scheme: Scheme, mechanism: Mechanism) -> str:
    """What a mechanism is called; numbered where there are several of its kind."""
    same = [m.name for m in scheme.mechanisms if m.kind == mechanism.kind]
    name = w(faces()[mechanism.kind].title)
    if len(same) == 1:
        return name
    return w("rules.numbered", name=name, number=str(same.index(mechanism.name) + 1))


def bar(scheme: Scheme, *, own: bool) -> str:
    """100 yuan of the price as one bar: what each mechanism takes, then the named parts."""
    language, colors = lang(), palette.roles(dark=dark())
    split = scheme.split()
    parts = [
        (mechanism_name(scheme, m), colors["pool"], m.taken)
        for m in scheme.mechanisms
        if getattr(m, "taken", 0.0) > 0
    ]
    for name in RECIPIENTS:
        share = split.get(name, 0.0)
        # In the reader's own rules nobody left anything unsaid.
        open_ = own and name == "unstated"
        label = w("rules.unassigned") if open_ else w(f"part.{name}")
        parts.append((label, colors[name], share))
    cells, items = [], []
    for label, color, share in parts:
        if share <= TINY / 100:
            continue
        cells.append(
            f'<span class="wp-cell" style="flex:{share:.6f} 1 0;background:{color}"></span>'
        )
        items.append(
            f'<li><i style="background:{color}"></i>{escape(label)} '
            f"<b>{escape(yuan(100 * share, language))}</b></li>"
        )
    return (
        f'<figure class="wp-split"><figcaption>{escape(w("rules.bar"))}</figcaption>'
        f'<div class="wp-bar" aria-hidden="true">{"".join(cells)}</div>'
        f'<ul class="wp-parts">{"".join(items)}</ul></figure>'
    )


# -- the view ----------------------------------------------------------------------------------


def draw(page: Page) -> None:
    """The whole view; the heading and the choice of the scheme stand above it."""
    scheme = page.scheme
    own = page.settings.preset.kind == "own"
    about = (
        w("rules.own") if own else w("rules.taken_apart", name=w.text(page.settings.preset.name))
    )
    st.html(
        f'<p class="wp-finding">{case_words.lines(finding(scheme))}</p>'
        f'<p class="wp-assume">{escape(about)}</p>{bar(scheme, own=own)}'
    )
    _kinds(page)
    _split(page)
    for mechanism in scheme.mechanisms:
        _mechanism(page, mechanism)
    _platform(page)
    rules_file.draw(page)


def _grid(name: str) -> Any:
    return st.container(key=f"wp-grid-{name}", horizontal=True, gap="medium")


def _problem(page: Page) -> str:
    return f"{page.name}|rules-problem"


def _kinds(page: Page) -> None:
    """The mechanisms as ticks."""
    st.header(w("rules.mechanisms"), anchor=False)
    scheme = page.scheme
    have = {m.kind for m in scheme.mechanisms}
    parked_key = f"{page.name}|rules-parked"

    def toggle(kind: str) -> None:
        parked: dict[str, Any] = st.session_state.setdefault(parked_key, {})
        try:
            if kind in have:
                names = {m.name for m in scheme.mechanisms if m.kind == kind}
                parked.update(
                    (key, scheme.get(key))
                    for key in scheme_parameters(scheme)
                    if key.partition(".")[0] in names
                )
                page.take(without(scheme, kind))
            else:
                page.take(added(scheme, kind, parked))
        except RulesError as error:
            st.session_state[_problem(page)] = (error.key, error.values)

    with _grid("kinds"):
        for kind in KINDS:
            face = faces()[kind]
            widget = f"{page.name}|rules-kind-{kind}"
            st.session_state[widget] = kind in have
            st.checkbox(
                w(face.title), key=widget, help=w(face.help), on_change=toggle, args=(kind,)
            )
    problem = st.session_state.pop(_problem(page), None)
    if problem is not None:
        key, values = problem
        notices.warn(w(key, **values))


def split_keys(scheme: Scheme) -> list[str]:
    """The parameters that say where one order's price goes."""
    taken = [f"{m.name}.{name}" for m in scheme.mechanisms for name in faces()[m.kind].takes]
    return taken + [f"order.parts.{name}" for name in Parts.model_fields]


def _split(page: Page) -> None:
    """Where the price goes. What adds up to too much waits in the boxes until it fits."""
    st.header(w("rules.split"), anchor=False)
    scheme, settings = page.scheme, page.settings
    keys = split_keys(scheme)
    drafts = {key: f"{page.key(key)}~" for key in keys}
    waiting = f"{page.name}|rules-waiting"
    if page.fresh or any(widget not in st.session_state for widget in drafts.values()):
        st.session_state[waiting] = False
    if not st.session_state.get(waiting):
        for key, widget in drafts.items():
            st.session_state[widget] = float(to_widget(page.parameter(key), scheme.get(key)))

    def keep() -> None:
        typed = {key: st.session_state[widget] for key, widget in drafts.items()}
        values = {key: from_widget(page.parameter(key), typed[key]) for key in keys}
        fits = sum(typed.values()) <= 100 + TINY and holds(settings, values)
        st.session_state[waiting] = not fits
        if fits:
            for key, value in typed.items():
                st.session_state[page.key(key)] = value

    with _grid("split"):
        page.number("order.spend")
        for key, widget in drafts.items():
            parameter = page.parameter(key)
            number_box(
                w("control.unit", label=_split_label(page, key), unit="%"),
                key=widget,
                box=Allowed(unit="share", low=100 * (parameter.minimum or 0.0), high=100.0),
                name=_split_label(page, key),
                on_change=keep,
                help_=page.help(key),
            )
        _choice(page, "order.rest")
    total = sum(float(st.session_state[widget]) for widget in drafts.values())
    language = lang()
    if st.session_state.get(waiting):
        key = "rules.over" if total > 100 + TINY else "rules.split_together"
        values = {"total": percent(total / 100, language)} if key == "rules.over" else {}
        notices.warn(w(key, **values))
    rules_tables.packages(page)


def _split_label(page: Page, key: str) -> str:
    group, _, name = key.rpartition(".")
    mechanism = page.scheme.mechanism(group)
    if mechanism is None or name != "share":
        return page.label(key)
    return mechanism_name(page.scheme, mechanism)


# -- one mechanism -----------------------------------------------------------------------------


def _mechanism(page: Page, mechanism: Mechanism) -> None:
    scheme = page.scheme
    name = mechanism_name(scheme, mechanism)
    st.header(name, anchor=False)

    fields = faces()[mechanism.kind]

    def shown(names: Sequence[str]) -> list[str]:
        return [f"{mechanism.name}.{name}" for name in names if meant(scheme, mechanism, name)]

    _knobs(page, mechanism.name, shown(fields.main))
    more = st.expander(
        w("rules.more", name=name),
        on_change="rerun",
        key=f"{page.name}|rules-more-{mechanism.name}",
    )
    if more.open:
        with more:
            _knobs(page, f"{mechanism.name}-more", shown(fields.more))


def _knobs(page: Page, name: str, keys: Sequence[str]) -> None:
    """Numbers and choices in a grid, then the tables one under the other."""
    lists = [key for key in keys if page.parameter(key).unit == "list"]
    with _grid(name):
        for key in keys:
            if key in lists:
                continue
            if page.parameter(key).unit == "choice":
                _choice(page, key)
            else:
                page.number(key)
    for key in lists:
        rules_tables.draw(page, key)


def _choice(page: Page, key: str) -> None:
    """A choice between words."""
    if key != "order.rest":
        knobs.choice(page, key, knobs.kind_key(page.scheme, key))
        return
    st.selectbox(
        page.label(key),
        RECIPIENTS,
        format_func=lambda name: w(f"part.{name}"),
        key=page.ready(key),
        help=page.help(key),
    )


def _platform(page: Page) -> None:
    """What the platform does when a fixed promise cannot be paid."""
    scheme = page.scheme
    if not fixed(scheme):
        return
    st.header(w("rules.platform"), anchor=False)
    terms = [key for key in WITHDRAWALS if knobs.does_something(scheme, key)]
    _knobs(page, "platform", ["platform.capital", "platform.policy", *terms])
