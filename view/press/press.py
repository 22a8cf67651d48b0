"""For journalists: a sheet to print of whatever a page shows, and what goes with it.

A page takes part in three lines: :data:`OWN` among its keys in the address, :func:`drawn` before
it draws itself, and :func:`link` under its result.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st

from view.pages import ROOT
from view.parts import copying, share
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.pictures import charts, field, live_files
from view.press import press_data, press_sheet, sharing
from view.press.press_sheet import Picture, Sheet
from view.sentences import case_words, findings
from view.settings import state
from view.settings.runs import played
from view.words.words import Words
from view.words.words import words as words_of

#: The keys of every page that has a sheet: whether it is shown, and with which picture.
OWN: dict[str, tuple[str, ...]] = {"for": ("", "press"), "picture": ("", *press_sheet.PICTURES)}
HEIGHT = 330
#: The buttons in their order, and what is said of them.
BUTTONS = {
    "png": "press.take.png",
    "svg": "press.take.svg",
    "print": "press.take.print",
}
SAID = {
    "working": "press.take.working",
    "failed": "press.take.failed",
}
_HTML = (
    "".join(f'<button type="button" name="{name}"></button>' for name in BUTTONS)
    + '<p role="status"></p>'
)
_buttons = st.components.v2.component(
    "who_pays_press",
    html=_HTML,
    css=copying.CSS,
    js=(ROOT / "view" / "assets" / "press.js").read_text("utf-8"),
)
#: Makes the sheet in a language.
Subject = Callable[[Words], Sheet]


def drawn(page: Page, subject: Subject | None = None) -> bool:
    """Draw the sheet and finish the page, if the address asks for it; says whether it did.

    ``subject`` is the page's scheme with the reader's numbers where no other is given.
    """
    if page.settings.page.get("for") != "press":
        return False
    _draw(page, subject or of_scheme(page))
    page.finish()
    return True


def link(page: Page) -> None:
    """Ways to pass a result on, and the quiet way to the sheet, under it."""
    sharing.bar(page)

    def go() -> None:
        st.session_state[page.key("for")] = "press"

    with st.container(key="wp-to-press"):
        st.button(
            w("press.link"),
            key=f"{page.name}|press",
            on_click=go,
            type="tertiary",
            icon=":material/newspaper:",
            help=w("press.help"),
        )


def of_scheme(page: Page) -> Subject:
    """The scheme shown, with the reader's numbers."""
    settings = page.settings
    unsure = settings.page.get("unsure", "").split(",")
    return lambda said: press_sheet.of_scheme(
        settings.preset, settings.changes, said, unsure=unsure
    )


def _draw(page: Page, subject: Subject) -> None:
    sheet = subject(words())
    address = _link(page)

    def back() -> None:
        st.session_state[page.key("for")] = ""

    with st.container(key="wp-press-top"):
        st.button(
            w("press.back"),
            key=f"{page.name}|press-back",
            on_click=back,
            icon=":material/arrow_back:",
        )
        page.notices()
    with st.container(key="wp-press"):
        left, right = st.columns([2, 1], gap="large")
    with right, st.container(key="wp-press-take"):
        picture = _take(page, sheet, subject, address)
    with left, st.container(key="wp-press-sheet"):
        _sheet(page, sheet, picture, address)


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(w(title))}</h2>{body}</section>"


def _list(lines: tuple[str, ...], tag: str = "ul") -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<{tag} class='wp-answer'>{items}</{tag}>"


def _sheet(page: Page, sheet: Sheet, picture: Picture, address: str) -> None:
    """What is printed."""
    st.title(w("press.heading", subject=sheet.subject), anchor=False)
    revised = w("press.revised", about=sheet.about, date=sheet.date)
    changed = f"<p>{escape(sheet.changed)}</p>" if sheet.changed else ""
    st.html(
        _section(
            "press.head.claim",
            f"<p>{escape(sheet.claim)}</p>"
            f"<p><small>{escape(findings.together(words(), sheet.origin, revised))}</small></p>"
            f"{changed}",
        )
        + _section(
            "press.head.conclusion",
            (f"<p><b>{escape(sheet.verdict)}</b></p>" if sheet.verdict else "")
            + f'<blockquote class="wp-finding">{case_words.lines(sheet.conclusion)}</blockquote>'
            + (f"<p>{escape(sheet.besides)}</p>" if sheet.besides else ""),
        )
        + (_section("press.head.leaves_out", _list(sheet.leaves_out)) if sheet.leaves_out else "")
        + f'<h2 class="wp-panel wp-low">{escape(picture.title)}</h2>'
    )
    st.plotly_chart(
        picture.figure(charts.Look(w=words(), height=HEIGHT, printed=True)),
        theme=None,
        key=f"{page.name}|chart-press",
        config=charts.config(words(), zoom=False),
        alt=f"{picture.alt} {picture.title}",
    )
    if sheet.people is not None:
        # What is assumed stands in the picture above it.
        st.html(field.html(sheet.people, dark=dark(), as_image=True))
    sums = "".join(
        f"<li><b>{escape(each.text)}</b> {escape(each.meaning)}</li>" for each in sheet.arithmetic
    )
    st.html(
        _section("press.head.arithmetic", f"<ol class='wp-answer'>{sums}</ol>")
        + _section("press.head.not_shown", _list(sheet.not_shown))
        + _section(
            "press.head.open" if sheet.open_ else "press.head.questions",
            _list(sheet.questions, "ol"),
        )
        + _section(
            "press.head.cite",
            f"<p class='wp-cite'>{escape(press_data.citation(sheet, address, words()))}</p>",
        )
    )


def _choose_picture(page: Page, sheet: Sheet) -> Picture:
    """One of the sheet's pictures; the first is not in the address."""
    titles = {picture.name: picture.title for picture in sheet.pictures}
    first, widget = sheet.pictures[0].name, f"{page.key('picture')}#"
    picture = sheet.picture(page.settings.page["picture"])
    if len(titles) == 1:
        return picture
    st.session_state[widget] = picture.name

    def keep() -> None:
        chosen = st.session_state[widget]
        st.session_state[page.key("picture")] = "" if chosen == first else chosen

    st.radio(
        w("press.head.picture"),
        tuple(titles),
        format_func=titles.__getitem__,
        key=widget,
        on_change=keep,
    )
    return picture


def _take(page: Page, sheet: Sheet, subject: Subject, address: str) -> Picture:
    """What goes along; returns the picture chosen."""
    st.header(w("press.head.take"), anchor=False)
    picture = _choose_picture(page, sheet)
    look = charts.Look(
        w=words(),
        height=press_sheet.PRINT_HEIGHT,
        foot_width=press_sheet.PRINT_FOOT,
        printed=True,
    )
    figure = picture.figure(look)
    name = sheet.about.replace("@", "-") if "@" in sheet.about else "own"
    copying.button(sheet.conclusion, w("press.take.copy"), key=f"{page.name}|press-copy")
    _buttons(
        key=f"{page.name}|press-buttons",
        data={
            "words": {name: w(key) for name, key in {**BUTTONS, **SAID}.items()}
            | {"saved": w("press.take.saved", file="{file}")},
            "figure": json.loads(figure.to_json()),
            "width": press_sheet.PRINT_WIDTH,
            "height": figure.layout.height,
            "scale": press_sheet.PRINT_SCALE,
            "file": f"who-pays-{name}-{picture.name}",
            "plotly": live_files.PLOTLY.path,
        },
    )

    # It is packed when it is asked for, and then nothing is known of the visit any more.
    sheets, links, above = [sheet], [address], share.heads(page)
    english = None if lang() == "en" else _link(page, language="en")

    def pack() -> bytes:
        told = [*sheets, *([subject(words_of("en"))] if english else [])]
        result = played(sheet.scheme)
        halted = findings.halted(result, words_of(sheet.lang))
        series = share.csv(result, [*above, *filter(None, [halted])])
        return press_data.packed(told, links=[*links, *filter(None, [english])], series=series)

    st.download_button(
        w("press.take.data"),
        data=pack,
        file_name=f"who-pays-{name}.zip",
        mime="application/zip",
        key=f"{page.name}|press-zip",
        on_click="ignore",
    )
    st.header(w("press.head.again"), anchor=False)
    st.markdown(w("press.again"))
    for key, text in (
        ("press.again.command", sheet.command),
        ("press.again.python", sheet.python),
        ("press.again.prints", sheet.printed),
    ):
        if text:
            st.html(f"<p class='wp-label'>{escape(w(key))}</p>")
            st.code(text, language=None, wrap_lines=True)
            if key != "press.again.prints":
                copying.button(text, w("copy.lines"), key=f"{page.name}|{key}")
    return picture


def _link(page: Page, *, language: str = "") -> str:
    """This sheet with its numbers, at the address the reader sees."""
    settings = replace(page.settings, page={**page.settings.page, "for": "press"})
    query = state.address(
        settings.preset,
        settings.changes,
        page=settings.page,
        defaults=page.own,
        keep={state.LANGUAGE: language or lang()},
    )
    seen = urlsplit(st.context.url or "")
    return f"{seen._replace(query='', fragment='').geturl()}?{urlencode(query, safe='@:,[]')}"
