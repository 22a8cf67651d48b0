"""What a page needs to know about the visit: ``from view.parts.context import lang, w``."""

from __future__ import annotations

from typing import Final

import streamlit as st

from model.preset import Text
from model.scheme import scheme_parameters
from view.words.words import Words, choose, register_english
from view.words.words import words as words_of

__all__ = ["dark", "lang", "w", "words"]

# The model's field metadata is the one place of a parameter's English words.
register_english(
    {
        f"param.{key}.{part}": text
        for key, parameter in scheme_parameters().items()
        for part, text in (("label", parameter.label), ("help", parameter.help))
    }
)


def lang() -> str:
    """The language of this visit, as the frame has found it for this run."""
    return str(st.session_state.get("wp:lang") or find_language())


def find_language() -> str:
    """The language asked for: the address first, then the browser."""
    return choose(st.query_params.get("lang"), st.context.headers.get("Accept-Language"))


def dark() -> bool:
    """Whether the visitor's page is dark."""
    return st.context.theme.type == "dark"


def words() -> Words:
    """All the words of this visit's language, for code that says many."""
    return words_of(lang())


class _Speaker:
    """The words of whoever is visiting, so that a page can simply say ``w("key")``."""

    def __call__(self, key: str, /, **values: object) -> str:
        return words()(key, **values)

    def text(self, text: Text) -> str:
        """A text from a data file."""
        return words().text(text.en, text.zh)

    def label(self, parameter: str) -> str:
        return words().label(parameter)

    def help(self, parameter: str) -> str:
        return words().help(parameter)


w: Final = _Speaker()
