"""A reader's own rules as a file: taken along, and opened again."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from model.preset import SchemeError
from model.preset_file import MAX_FILE, FileError, read, written
from view.money import rows
from view.money.rules_own import own_settings
from view.parts import notices
from view.parts.context import lang, w
from view.parts.controls import Page
from view.settings import state
from view.settings.state import Settings
from view.words.format import count
from view.words.plain import quoted

#: Keys of the address beside the scheme's numbers: the scheme, the language, the page's own.
KEYS_BESIDE = 8
FILE_NAME = "who-pays-rules.toml"


def as_file(page: Page) -> bytes:
    """The scheme as a preset file."""
    preset = page.settings.preset
    text = written(
        page.scheme,
        name=preset.name,
        summary=preset.summary,
        date=dt.datetime.now(dt.UTC).date().isoformat(),
    )
    return text.encode("utf-8")


def opened(data: bytes) -> Settings:
    """The settings of a file somebody hands in; raises FileError."""
    return own_settings(read(data).scheme())


def file_problem(error: FileError) -> str:
    """What is wrong with a file, in one sentence."""
    language = lang()
    line = w("rules.file.line", line=count(error.line, language)) if error.line else ""
    key = quoted(error.key, 60)
    if error.what == "large":
        return w("rules.file.large", kilobytes=count(MAX_FILE / 1000, language), line=line)
    if error.what == "text":
        return w("rules.file.text", line=line)
    if error.what == "toml":
        return w("rules.file.toml", line=line)
    if error.what == "deep":
        return w("rules.file.deep")
    if error.what == "unknown":
        return w("rules.file.unknown", key=key, line=line)
    if error.what == "twice":
        return w("rules.file.twice", key=key, line=line)
    if error.what == "unit":
        return w("rules.file.unit", key=key, line=line)
    if error.what == "value":
        p = error.parameter
        if p is not None and p.minimum is not None and p.maximum is not None:
            low, high = rows.number(p.minimum), rows.number(p.maximum)
            return w("rules.file.range", key=key, line=line, low=low, high=high)
        if p is not None and p.choices:
            return w("rules.file.one_of", key=key, line=line, allowed=", ".join(p.choices))
        if p is not None:
            return w("rules.file.list", key=key, line=line)
        return w("rules.file.value", key=key, line=line)
    if error.what == "field" and key:
        return w("rules.file.field", key=key, line=line)
    if error.what == "together":
        return w("rules.file.together")
    return w("rules.file.other")


def too_long_for_a_link(settings: Settings) -> str:
    """What an address cannot carry of these settings; empty if it can carry all."""
    if len(settings.changes) > state.MAX_KEYS - KEYS_BESIDE:
        return w("rules.file.many", numbers=count(len(settings.changes), lang()))
    for key, value in settings.changes.items():
        if len(state.written(value)) > state.MAX_VALUE:
            return key
    return ""


def draw(page: Page) -> None:
    """Take the rules along, and open such a file again."""
    st.header(w("rules.file"), anchor=False)
    turn_key, said_key = f"{page.name}|rules-turn", f"{page.name}|rules-said"
    turn = st.session_state.setdefault(turn_key, 0)
    widget = f"{page.name}|rules-file-{turn}"

    def take() -> None:
        file = st.session_state.get(widget)
        st.session_state.pop(said_key, None)
        if file is None:
            return
        # One more than is allowed is enough to know that it is too large.
        data = file.getvalue()[: MAX_FILE + 1]
        # Another key empties the box.
        st.session_state[turn_key] = turn + 1
        try:
            settings = opened(data)
        except FileError as error:
            st.session_state[said_key] = (False, file_problem(error))
            return
        page.take(settings)
        long = too_long_for_a_link(settings)
        sentence = w("rules.file.no_link", what=long) if long else w("rules.file.opened")
        st.session_state[said_key] = (not long, sentence)

    st.markdown(w("rules.file.intro"))
    try:
        data = as_file(page)
    except SchemeError:
        notices.tell(w("rules.file.too_long"))
    else:
        st.download_button(
            w("rules.file.download"),
            data=data,
            file_name=FILE_NAME,
            mime="application/toml",
            key=f"{page.name}|rules-download",
            on_click="ignore",
        )
    st.file_uploader(
        w("rules.file.upload"),
        type=["toml"],
        key=widget,
        on_change=take,
        max_upload_size=1,
    )
    said = st.session_state.get(said_key)
    if said is not None:
        good, sentence = said
        if good:
            notices.done(sentence)
        else:
            notices.warn(sentence)
