"""The claims one hears about such offers: the fact, what is left out, and the arithmetic."""

from __future__ import annotations

from html import escape

import streamlit as st

from model.claims import CLAIMS, GROUPS, Claim, Input
from model.facts import facts
from model.library import preset, presets
from view.claims import charts_claims, claims_text
from view.claims.claims_text import INPUT, NONE, Told
from view.parts import knobs, share
from view.parts.boxes import number_box
from view.parts.context import dark, w, words
from view.parts.controls import Page
from view.pictures import charts
from view.sentences.facts import facts_html
from view.settings import state
from view.words.typed import Allowed

OWN: dict[str, tuple[str, ...]] = claims_text.own_keys()
HEIGHT = 300


def draw(page: Page) -> None:
    """Everything below the head of the page."""
    claim = claims_text.opened(page.settings)
    if claim is None:
        _list(page)
    else:
        _one(page, claims_text.told_of(claim, page.settings, words()))


def _open(page: Page, claim: Claim) -> None:
    """Callback: this claim, with the numbers set if it is one about this scheme."""
    own = {key: "" for key in OWN if key.startswith(INPUT)} | {"claim": claim.id}
    mine = page.settings
    if claim.fits(page.scheme):
        page.take(state.Settings(mine.preset, mine.changes, own))
    else:
        page.take(state.Settings(preset(claim.home), {}, own))


def _close(page: Page) -> None:
    """Callback: back to the list, at the claim's group."""
    claim = claims_text.opened(page.settings)
    own = {key: "" for key in OWN if key.startswith(INPUT)} | {"claim": NONE}
    if claim is not None:
        own["group"] = claim.group
    page.take(state.Settings(page.settings.preset, page.settings.changes, own))


# -- the list ----------------------------------------------------------------------------------


def groups_of(page: Page) -> list[str]:
    """The groups, those with claims about the offer first, then those with what fits it."""
    fitting = [claim for claim in CLAIMS.values() if claim.fits(page.scheme)]
    said = {claim.group for claim in fitting if claim.said_of(page.scheme)}
    fit = {claim.group for claim in fitting}
    return sorted(GROUPS, key=lambda group: (group not in said, group not in fit))


def _list(page: Page) -> None:
    """One group at a time; claims about the offer first."""
    st.html(
        f'<p class="wp-finding">{escape(claims_text.finding(page.settings, words()))}</p>',
    )
    with st.container(width=420):
        _offer(page, page.schemes)
    groups = groups_of(page)
    asked = page.settings.page.get("group", "")
    group = asked if asked in groups else groups[0]
    widget = f"{page.name}|group#"
    st.session_state[widget] = group

    def choose() -> None:
        st.session_state[page.key("group")] = st.session_state[widget]

    st.pills(
        w("claims.group"),
        groups,
        format_func=lambda group: w(f"claims.group.{group}"),
        key=widget,
        required=True,
        on_change=choose,
        label_visibility="collapsed",
    )
    mine = [claim for claim in CLAIMS.values() if claim.group == group]
    fitting = [claim for claim in mine if claim.fits(page.scheme)]
    said = [claim for claim in fitting if claim.said_of(page.scheme)]
    elsewhere = [claim for claim in fitting if claim not in said]
    others = [claim for claim in mine if claim not in fitting]
    name = w.text(page.settings.preset.name)
    for key, some in (("claims.fitting", said), ("claims.elsewhere", elsewhere)):
        if some:
            st.html(f"<h2 class='wp-section'>{escape(w(key, name=name))}</h2>")
        for claim in some:
            _item(page, claims_text.tell(claim, words(), page.scheme))
    if others:
        st.html(f"<h2 class='wp-section'>{escape(w('claims.others'))}</h2>")
        for claim in others:
            _item(page, claims_text.tell(claim, words()))


def _item(page: Page, told: Told) -> None:
    """A claim in the list: the fact, and the claim as the way to it."""
    with st.container(key=f"wp-item-{told.claim.id}", gap=None):
        st.html(
            f"<p>{escape(told.fact)}</p>{_assumed(told)}<p class='wp-read'>{escape(told.page)}</p>"
        )
        st.button(
            w("claims.said", claim=told.say("claim")),
            on_click=_open,
            args=(page, told.claim),
            key=f"{page.name}|open-{told.claim.id}",
            type="tertiary",
            icon=":material/arrow_forward:",
        )


def _assumed(told: Told) -> str:
    """The line right below a fact: what the run it tells of assumes."""
    return f"<p class='wp-assume'>{escape(told.assumed)}</p>" if told.assumed else ""


def _offer(page: Page, options: list[str]) -> None:
    st.selectbox(
        w("claims.scheme"),
        options,
        format_func=lambda id_: w.text(preset(id_).name),
        key=page.ready(state.PRESET),
    )


# -- one claim ---------------------------------------------------------------------------------


def _one(page: Page, told: Told) -> None:
    """One claim: fact, claim, what it leaves out, the arithmetic, the picture, the knobs."""
    claim = told.claim
    st.button(
        w("claims.back"),
        on_click=_close,
        args=(page,),
        key=f"{page.name}|back",
        type="tertiary",
        icon=":material/arrow_back:",
    )
    st.html(
        f'<p class="wp-finding">{escape(told.fact)}</p>{_assumed(told)}'
        f'<p class="wp-claim">{escape(w("claims.said", claim=told.say("claim")))}</p>'
        f'<p class="wp-read">{escape(told.read_on)}</p>'
    )
    left, right = st.columns(2, gap="large")
    with left:
        note = f"<p class='wp-besides'>{escape(told.note)}</p>" if told.note else ""
        law = [fact for id_ in claim.also for fact in facts(about=id_)]
        said = facts_html(law, words()) if law else ""
        st.html(_section("claims.leaves_out", _items(told.leaves_out)) + said + note)
        if told.figures:
            intro = f"<p class='wp-assume'>{escape(w('claims.figures.intro'))}</p>"
            st.html(_section("claims.figures", intro + _items(told.figures)))
        steps = "".join(
            f"<li>{escape(label)}<br><b>{escape(line)}</b></li>" for label, line in told.lines
        )
        st.html(_section("claims.arithmetic", f"<ol class='wp-answer wp-steps'>{steps}</ol>"))
    with right:
        st.html(_section("claims.chart", ""))
        look = charts.Look(w=words(), dark=dark(), height=HEIGHT)
        st.plotly_chart(
            charts_claims.picture(told, page.scheme, look, foot=_foot(page, told)),
            theme=None,
            key=f"{page.name}|chart-{claim.id}",
            config=charts.config(words(), zoom=False),
            alt=f"{w('claims.chart')}: {told.fact}",
        )
        st.html(_section("claims.try", ""))
        _knobs(page, claim)
        share.to_money(page, label="claims.to_money")
    _neighbours(page, claim)


#: Claims about people who sell, and those worked out from rates whoever does what.
SELLING = frozenset({"sell-offs-restart-the-rise", "the-fee-is-good-for-holders"})
RATES = frozenset(
    {
        "within-thirty-percent",
        "the-ratio-is-positive",
        "half-price",
        "advertisers-pay-for-it",
        "nearly-everybody-shops-for-nothing",
    }
)


def _foot(page: Page, told: Told) -> str:
    """Who says it, what is assumed in the picture, if anything, and where its numbers are from."""
    claim = told.claim
    if claim.id in SELLING:
        foot = f"{w('claims.assume.selling')}<br>{share.source_line(page)}"
    elif claim.id in RATES or claim.group == "income":
        foot = share.source_line(page)
    else:
        foot = share.foot(page)
    return f"{told.page}<br>{foot}"


def _section(key: str, body: str) -> str:
    return f"<h2 class='wp-section'>{escape(w(key))}</h2>{body}"


def _items(lines: list[str]) -> str:
    return f"<ul class='wp-answer'>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _knobs(page: Page, claim: Claim) -> None:
    """The two to four numbers that matter; the offer too where several say it."""
    fitting = [id_ for id_ in presets() if id_ in claim.presets]
    if len(fitting) > 1 and page.settings.preset.kind != "own":
        _offer(page, fitting)
    with st.container(key="wp-grid-claim", horizontal=True):
        for wanted in claim.inputs:
            _input(page, wanted)
        for key in claim.knobs:
            knobs.knob(page, key)
    share.reset_button(page)


def _input(page: Page, wanted: Input) -> None:
    """A whole number of the claim's own, kept in the address."""
    key = INPUT + wanted.name
    widget = f"{page.key(key)}#"
    claim = claims_text.opened(page.settings)
    if claim is not None and (page.fresh or widget not in st.session_state):
        st.session_state[widget] = claims_text.inputs_of(claim, page.settings)[wanted.name]

    def keep() -> None:
        chosen = st.session_state[widget]
        st.session_state[page.key(key)] = "" if chosen == wanted.default else str(chosen)

    number_box(
        w(f"claims.input.{wanted.name}"),
        key=widget,
        box=Allowed(unit="count", low=wanted.least, high=wanted.most, whole=True),
        on_change=keep,
    )


def _neighbours(page: Page, claim: Claim) -> None:
    """The claims before and after this one."""
    ids = list(CLAIMS)
    at = ids.index(claim.id)
    with st.container(key="wp-neighbours", horizontal=True, horizontal_alignment="distribute"):
        for step, key in ((-1, "claims.previous"), (1, "claims.next")):
            if not 0 <= at + step < len(ids):
                continue
            other = CLAIMS[ids[at + step]]
            told = claims_text.told_of(other, page.settings, words())
            st.button(
                w(key, claim=told.say("claim")),
                on_click=_open,
                args=(page, other),
                key=f"{page.name}|{key}",
                type="tertiary",
            )
