"""The page one lands on: what was I offered, what is the most I can get, who pays?"""

from __future__ import annotations

from html import escape

import streamlit as st

from model.library import preset
from view import answers, state
from view.context import dark, lang, w, words
from view.controls import PARAMETERS, Page, shown
from view.format import count_short, days, one_in, significant, yuan

#: How many orders may have come before, and a day: as many as there are people on Earth.
MOST_ORDERS = 8_000_000_000
OWN = {"unsure": (), "before": (), "per_day": ()}


def unsure_of(settings: state.Settings) -> list[str]:
    """The parameters the reader is not sure of."""
    return [key for key in settings.page.get("unsure", "").split(",") if key in answers.UNSURE]


def _unsure(page: Page) -> list[str]:
    return unsure_of(page.settings)


def _sync_unsure(page_name: str) -> None:
    """Callback: the boxes ticked "not sure", as one value for the address."""
    ticked = [k for k in answers.UNSURE if st.session_state.get(f"{page_name}|unsure:{k}")]
    st.session_state[f"{page_name}|unsure"] = ",".join(ticked)


def choose_scheme(page: Page) -> None:
    """The schemes as buttons in plain words."""
    st.pills(
        w("check.which"),
        page.schemes,
        format_func=lambda id_: w.text(preset(id_).name),
        key=page.ready(state.PRESET),
        required=True,
    )


def _question(page: Page, key: str) -> None:
    """One number of the offer with its "not sure"."""
    unsure = key in _unsure(page)
    with st.container(gap="xxsmall"):
        if unsure:
            low, high = PARAMETERS[key].unsure or (0.0, 1.0)
            st.html(
                f'<p class="wp-label">{escape(w.label(key))}</p><p class="wp-unsure">'
                + escape(w("check.unsure.range", low=_shown(key, low), high=_shown(key, high)))
                + "</p>"
            )
        elif key == "points_pool.exit_multiple":
            page.exit_multiple()
        else:
            page.share_slider(key)
        box = f"{page.name}|unsure:{key}"
        if page.fresh or box not in st.session_state:
            st.session_state[box] = unsure
        st.checkbox(
            w("check.unsure"),
            key=box,
            on_change=_sync_unsure,
            args=(page.name,),
            help=None,
        )


def _shown(key: str, value: float) -> str:
    return shown(PARAMETERS[key], value, lang())


def own_numbers(page: Page) -> None:
    """The reader's own numbers; each may be left open."""
    st.header(w("check.own.title"), anchor=False)
    st.markdown(w("check.own.intro"))
    left, middle, right = st.columns(3, gap="medium")
    with left:
        page.number("order.spend")
        page.number("order.goods_value")
    with middle:
        _question(page, "points_pool.share")
        _question(page, "points_pool.gift")
    with right:
        _question(page, "points_pool.fee")
        _question(page, "points_pool.exit_multiple")
    a, b, _ = st.columns(3, gap="medium")
    with a:
        page.own_number("before", w("check.before"), most=MOST_ORDERS, help_=w("check.before.help"))
    with b:
        page.own_number(
            "per_day", w("check.per_day"), least=1, most=MOST_ORDERS, help_=w("check.per_day.help")
        )


def _whole(text: str) -> int | None:
    return min(int(text), MOST_ORDERS) if text.isascii() and text.isdigit() else None


def result(page: Page, judged: answers.Offer) -> None:
    """What follows from the reader's numbers, sentence by sentence."""
    scheme, language = page.scheme, lang()
    said = words()
    unsure = _unsure(page)

    def money(x: float) -> str:
        return yuan(x, language)

    lines: list[str] = []
    spend = money(judged.spend)
    if judged.most is None:
        lines.append(w("answer.no_limit", spend=spend))
    elif judged.refunds:
        lines.append(w("answer.most", most=judged.most.text(money, said), spend=spend))
    elif judged.can_refund:
        lines.append(w("answer.most_unsure", most=judged.most.text(money, said), spend=spend))
    else:
        lines.append(w("answer.most_short", most=judged.most.text(money, said), spend=spend))
    goods = scheme.order.goods_value
    if goods is None:
        lines.append(w("answer.goods_unknown", spend=spend))
    elif goods >= judged.spend:
        lines.append(w("answer.goods_worth", goods=money(goods)))
    else:
        lines.append(w("answer.goods", goods=money(goods), risk=money(judged.spend - goods)))
    lines.append(answers.crowd_sentence(judged, said))
    before = _whole(page.settings.page.get("before", ""))
    if before is not None and not unsure:
        more = answers.orders_after(scheme, before + 1)
        if more > 1e15:
            lines.append(w("answer.after_never"))
        else:
            told = count_short(significant(more) if more > answers.PLAYED else more, language)
            lines.append(
                w("answer.after", before=count_short(before, language), more=told)
                if before
                else w("answer.after_first", more=told)
            )
            if place := answers.place_sentence(more, said):
                lines.append(place)
            per_day = _whole(page.settings.page.get("per_day", ""))
            if per_day:
                lines.append(
                    w(
                        "answer.time",
                        per_day=count_short(per_day, language),
                        time=days(more / per_day, language),
                    )
                )
    elif before is None and judged.crowd.low < 1e15:
        more = answers.Span(max(judged.crowd.low - 1, 0.0), min(judged.crowd.high, 1e15) - 1)
        shown_ = more.text(lambda n: count_short(significant(n), language), said)
        lines.append(w("answer.before_unknown", more=shown_))
    elif unsure and before is not None:
        lines.append(w("answer.after_unsure", one_in=one_in(judged.crowd.low, language)))
    lines.append(w("answer.selling"))
    st.header(w("answer.title"), anchor=False)
    st.html(
        '<ul class="wp-answer">' + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
    )


def card(page: Page) -> answers.Offer:
    """The answer before any behaviour, for the numbers set."""
    unsure = _unsure(page)
    judged = answers.offer(page.scheme, page.settings.preset, page.settings.changes, unsure)
    said = words()
    st.html(
        f'<p class="wp-finding">{escape(answers.headline(judged, said))}</p>'
        + answers.card(page.scheme, judged, said, dark=dark())
    )
    return judged
