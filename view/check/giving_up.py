"""What if people give up? The same count before and after, with what it assumes."""

from __future__ import annotations

from html import escape

import streamlit as st

from model.giving_up import daily_for
from model.standing import reached
from view.parts.context import lang, w, words
from view.parts.controls import Page
from view.sentences import findings
from view.settings import limits
from view.settings.runs import RUNS
from view.settings.state import Settings
from view.words.format import count_short, percent

#: Percent of all buyers who give up by the end; the first: nobody.
PARTS = ("", "25", "50", "75")
#: The answers that hang on others, so that it matters who stays.
MATTERS = frozenset({"less", "follow", "grow", "backed"})
_SELL = "behaviour.sell_share"


def fold(page: Page) -> None:
    """The question with its knob; nothing is run before it is answered."""
    part = page.settings.page.get("leave", "")
    with st.expander(w("give.title"), key=f"{page.name}|give", expanded=bool(part)):
        widget = f"{page.name}|leave#"
        st.session_state[widget] = part

        def keep() -> None:
            st.session_state[page.key("leave")] = st.session_state[widget] or ""

        st.segmented_control(
            w("give.ask"),
            PARTS,
            format_func=part_text,
            key=widget,
            required=True,
            on_change=keep,
        )
        if part:
            st.html("".join(f"<p>{escape(x)}</p>" for x in lines(page.settings, int(part))))


def part_text(part: str) -> str:
    """An answer's name."""
    if not part:
        return w("give.nobody")
    return w("give.half") if part == "50" else percent(int(part) / 100, lang())


def lines(settings: Settings, part: int) -> list[str]:
    """How many have been paid with and without, in one sentence, and what is assumed."""
    settings = limits.bounded(settings)
    plain = {key: value for key, value in settings.changes.items() if key != _SELL}
    before = RUNS.of(Settings(settings.preset, plain, settings.page))
    daily = daily_for(before.line.orders, part / 100)
    if daily is None:
        return [w("give.too_short")]
    after = RUNS.of(Settings(settings.preset, {**plain, _SELL: daily}, settings.page))
    paid, then = reached(before), reached(after)
    if paid is None or then is None:
        return [w("give.unknown")]
    less = all(
        (most := after.scheme.most_paid_for(k)) is not None and most < price
        for k, (price, _) in enumerate(after.scheme.order.choices)
    )
    buyers = float(before.line.orders.sum())
    return [
        w(
            "give.less" if less else "give.whole",
            before=count_short(int(paid), lang()),
            after=count_short(int(then), lang()),
            buyers=count_short(buyers, lang()),
            time=findings.time(after, words()),
            part=part_text(str(part)),
        ),
        w("give.why"),
        findings.assumption(after.scheme, words()),
    ]
