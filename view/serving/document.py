"""The HTML document of a page, in its language, made from the one Streamlit installs.

Streamlit's document says "Streamlit" in English to everybody until its scripts
have loaded, and to whatever never runs them. Ours takes over the same scripts
and style sheets and says what the page is.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

from streamlit import file_util

from view.light.html import source_hash
from view.pages import PAGES, PageEntry
from view.pictures import live_files
from view.serving import cards
from view.serving.first_paint import Painted, first_paint, panels, plain
from view.words.words import LANGS, NAMES, words

_log = logging.getLogger(__name__)
_VIEW: Final = Path(__file__).resolve().parent

STATIC_DIR: Final = Path(file_util.get_static_dir())
STYLE: Final = (_VIEW / "style.css").read_text("utf-8") + live_files.STYLE
SCRIPT: Final = (_VIEW / "document.js").read_text("utf-8")

_OG_LOCALE: Final = {"en": "en_US", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}


def script_hash() -> str:
    """The one inline script's hash, by which the content security policy lets it run."""
    return source_hash(SCRIPT)


@cache
def streamlit_assets() -> str:
    """The tags of the installed Streamlit that load its scripts and styles, and nothing else.

    Left out: its title and icon, a font we do not use (170 kB, preloaded) and a
    pointer to an interface for programs that is switched off.
    """
    index = (STATIC_DIR / "index.html").read_text("utf-8")
    tags = re.findall(
        r'<script type="module"[^>]*></script>|<link rel="(?:modulepreload|stylesheet)"[^>]*>',
        index,
    )
    if not any(tag.startswith("<script") for tag in tags):
        raise RuntimeError(
            f"{STATIC_DIR / 'index.html'} has no module script: this Streamlit is not the one "
            "in requirements.txt"
        )
    return "\n".join(tags)


#: Parts of Streamlit that the live page is made of and that its scripts ask for late.
LATE: Final = ("Html", "PageLink", "ButtonGroup", "Selectbox", "BidiComponent")


@cache
def late_files() -> tuple[str, ...]:
    """The paths under ``static/`` of :data:`LATE` and of what these import, first ones left out."""
    folder = STATIC_DIR / "static" / "js"
    found: dict[str, None] = {}
    left = [path.name for stem in LATE for path in folder.glob(f"{stem}.*.js")]
    known = {Path(name).name for name in first_files()}
    while left:
        name = left.pop()
        if name in known or name in found or not (folder / name).is_file():
            continue
        found[name] = None
        left += re.findall(
            r'(?:from|import)"\./([\w.$-]+\.js)"', (folder / name).read_text("utf-8")
        )
    return tuple(f"js/{name}" for name in found)


def live_assets() -> str:
    """Tags that start what the live panels need together with Streamlit's own and not after it."""
    late = "\n".join(
        f'<link rel="modulepreload" crossorigin href="./static/{name}">' for name in late_files()
    )
    return (
        f'<link rel="preload" as="script" fetchpriority="low" href="./{live_files.PLOTLY.path}">\n'
        f'<script type="module" async src="./{live_files.SCRIPT.path}"></script>\n{late}'
    )


def first_files() -> list[str]:
    """The paths under ``static/`` that every first visit loads."""
    return re.findall(r'(?:src|href)="\./static/([^"]+)"', streamlit_assets())


def _opening(page: PageEntry, lang: str, query: Mapping[str, str] | None) -> Painted:
    """The first paint, or the plain one if the page's own fails on a strange address."""
    if query is None:
        return Painted(plain(page.id, lang))
    try:
        return first_paint(page.id, lang, query)
    except Exception:
        _log.exception("first paint of %s", page.path)
        return Painted(plain(page.id, lang))


def _panels(page: PageEntry, lang: str, query: Mapping[str, str] | None, browser: str) -> str:
    """What the live panels show at first, for the script that draws them; at worst nothing."""
    if page.id != "money" or query is None:
        return ""
    try:
        told = panels(lang, query, browser)
    except Exception:
        _log.exception("first panels of %s", page.path)
        return ""
    return f'<script type="application/json" id="wp-panels">{told}</script>' if told else ""


def _alternates(page: PageEntry) -> str:
    """The same page in the other languages, for search engines."""
    href = f".{page.path}"
    return "\n".join(
        f'<link rel="alternate" hreflang="{code}" href="{href}?lang={code}">' for code in LANGS
    )


@cache
def _away() -> str:
    """What is said of a lost connection, in every language: there is no asking then."""
    keys = {"away": "app.away", "back": "app.back", "look": "app.look"}
    return " ".join(
        f'data-{what}-{code}="{escape(words(code)(key))}"'
        for what, key in keys.items()
        for code in LANGS
    )


#: What Streamlit says in English by itself; the English catalogue has it to the letter.
STOCK: Final = (
    "stock.help",
    "stock.remove",
    "stock.less",
    "stock.more",
    "stock.open",
    "stock.choose",
    "stock.options",
    "stock.chosen",
    "stock.clear",
    "stock.clear_one",
    "stock.none",
    "stock.no_options",
    "stock.skip",
    "stock.enter",
    "stock.submit",
    "stock.ctrl",
    "stock.ctrl_submit",
    "stock.command",
    "stock.drop",
)


def _stock(lang: str, key: str) -> str:
    said = words(lang)
    return said(key, name="{name}") if key in ("stock.help", "stock.remove") else said(key)


@cache
def stock_words() -> str:
    """By language: Streamlit's words to the reader's, for the document's script to write over."""
    told = {
        code: {_stock("en", key): _stock(code, key) for key in STOCK}
        for code in LANGS
        if code != "en"
    }
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


class Head(NamedTuple):
    """What a preview of a page says, escaped: of its own state, where that has a result."""

    title: str
    finding: str
    description: str
    picture: str


def _head(page: PageEntry, lang: str, query: Mapping[str, str] | None) -> Head:
    w = words(lang)
    title, description = escape(w(f"page.{page.id}.title")), w(f"page.{page.id}.description")
    plain_ = Head(title, title, escape(description), '<meta name="twitter:card" content="summary">')
    card = None
    try:
        card = cards.preview(page.id, lang, query) if query else None
    except Exception:
        _log.exception("preview of %s", page.path)
    if card is None:
        return plain_
    return Head(
        escape(card.title), escape(card.finding), escape(card.description), cards.tags(card)
    )


def _link(entry: PageEntry, here: PageEntry, lang: str, said: str) -> str:
    current = ' aria-current="page"' if entry is here else ""
    return f'<a href=".{entry.path}?lang={lang}"{current}>{said}</a>'


def _tongue(page: PageEntry, code: str, lang: str, query: Mapping[str, str]) -> str:
    """The way to the same in another language."""
    name = escape(NAMES[code])
    if code == lang:
        return f'<b lang="{code}">{name}</b>'
    there = escape(urlencode({**query, "lang": code}, safe="@:,"))
    return f'<a lang="{code}" hreflang="{code}" href=".{page.path}?{there}">{name}</a>'


def document(
    page: PageEntry, lang: str, query: Mapping[str, str] | None, *, browser: str = ""
) -> str:
    """The whole document of one page in one language; ``browser``: its User-Agent.

    Without a query it is that of any address: nothing is worked out for it.
    """
    w = words(lang)

    def say(key: str) -> str:
        return escape(w(key))

    opening = _opening(page, lang, query)
    address = f' data-address="{escape(opening.address)}"' if opening.address else ""
    held = " data-held" if opening.held else ""
    needs = (
        f"<noscript><p><strong>{say('app.noscript')}</strong></p></noscript>"
        f'<p class="wp-loading" hidden>{say("app.loading")}</p>'
        if not opening.whole
        else ""
    )
    head = _head(page, lang, query)
    links = "".join(_link(entry, page, lang, say(f"page.{entry.id}.nav")) for entry in PAGES)
    languages = "".join(_tongue(page, code, lang, opening.query) for code in LANGS)
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{head.title}</title>
<meta name="description" content="{head.description}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="{say("app.name")}">
<meta property="og:title" content="{head.finding}">
<meta property="og:description" content="{head.description}">
<meta property="og:locale" content="{_OG_LOCALE[lang]}">
{head.picture}
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#FBFAF7">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#12171E">
<link rel="icon" type="image/svg+xml" href="./icon.svg">
<link rel="apple-touch-icon" href="./favicon.png">
{_alternates(page)}
<style>{STYLE}</style>
{streamlit_assets()}
{live_assets() if page.id == "money" else ""}
</head>
<body>
<div id="first-paint"{address}{held}><div class="wp-first">
<header><p class="wp-name">{say("app.name_full")}</p><nav>{links}</nav>
<p class="wp-tongues">{languages}</p></header>
<main>{opening.html}</main>
{needs}<footer class="wp-foot">{say("app.disclaimer")}</footer>
</div></div>
{_panels(page, lang, query, browser)}
<p id="wp-away" role="status" hidden {_away()}></p>
<script type="application/json" id="wp-stock">{stock_words()}</script>
<div id="root"></div>
<script>{SCRIPT}</script>
</body>
</html>
"""
