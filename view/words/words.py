"""Every sentence the dashboard says, in three languages.

English and Simplified Chinese are written by hand in gettext catalogues in the folder ``locale`` of
the room that says them (what all say stands here); Traditional Chinese is converted from
Simplified at start-up and overridden where the conversion reads badly. The conversion is
character by character for Taiwan (``s2tw``) and not phrase by phrase (``s2twp``): the latter
turns 用户 into 使用者 and 智能 into 智慧, which is not neutral and sometimes wrong.

A message id is a stable dotted key (``check.title``), not a sentence, so that the
English can be improved without touching the other languages.

A word that goes by a number says which: ``{days} {days~day}`` is "1 day" or "2 days". Its forms are
the gettext plurals of the message ``plural.day``, in the order that the catalogue's header gives; a
sentence may hold several numbers, so the word and not the sentence has the forms. Chinese has one
form for all and leaves the word out.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import opencc
from babel.messages.pofile import read_po

LANGS: Final = ("en", "zh-Hans", "zh-Hant")
"""The languages, as written in ``<html lang>`` and in the address."""

_HOUSE_STYLE: Final = str.maketrans("“”‘’臺燬賬", "「」『』台毀帳")
"""Marks and characters that every reader of traditional Chinese takes as their own."""

NAMES: Final = MappingProxyType({"en": "English", "zh-Hans": "简体", "zh-Hant": "繁體"})
"""What each language calls itself: never translated."""

ROOMS: Final = Path(__file__).resolve().parents[1]
"""Below it every room has the words it says, in a folder ``locale``."""
STRICT_VARIABLE: Final = "WHO_PAYS_STRICT"
"""Set to 1, a missing word is an error (tests); otherwise the key is shown and logged."""

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)(?:~([a-z_]+))?\}")
_PLURAL: Final = "plural."
_UNIT_GAP: Final = re.compile("(?<=[万亿萬億兆倍]) (?=[\u4e00-\u9fff])")
"""Chinese sets a figure apart from a word, but not 万 or 倍 from the word after it."""
_TRADITIONAL: Final = frozenset({"tw", "hk", "mo", "hant"})
#: Stands between the forms of a word.
_BETWEEN: Final = "|"
_log = logging.getLogger(__name__)
_english: dict[str, str] = {}


class CatalogueError(ValueError):
    """A catalogue that cannot be trusted: a key given twice, or with nothing to say."""


def choose(query_lang: str | None, accept_language: str | None) -> str:
    """The language to speak: the one asked for in the address, else the browser's first we have."""
    if query_lang in LANGS:
        return query_lang
    for tag in _preferred(accept_language or ""):
        primary, *rest = tag.lower().split("-")
        if primary == "en":
            return "en"
        if primary in {"zh", "yue"}:
            # A script beats a region: zh-Hans-HK is simplified.
            if "hans" in rest:
                return "zh-Hans"
            return "zh-Hant" if _TRADITIONAL.intersection(rest) else "zh-Hans"
    return "en"


def _preferred(header: str) -> list[str]:
    """The tags of an Accept-Language header, best first; what is malformed is left out."""
    weighted: list[tuple[float, str]] = []
    for item in header[:500].split(","):
        tag, _, parameters = item.partition(";")
        name, _, value = parameters.strip().partition("=")
        try:
            weight = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        if tag.strip() and weight > 0:
            weighted.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]


def placeholders(text: str) -> frozenset[str]:
    """The names in braces that a sentence expects to be given."""
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(text))


@lru_cache(maxsize=4096)
def traditional(text: str) -> str:
    """Simplified Chinese in traditional characters."""
    return str(_converter().convert(text)).translate(_HOUSE_STYLE)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


@cache
def written(lang: str) -> Mapping[str, str]:
    """What the ``.po`` files of one language say: all files of its folders, merged.

    Several files, so that people can add words side by side; a key said twice is
    an error, because which one wins would depend on the names of the files.
    """
    folder = lang.replace("-", "_")
    entries: dict[str, str] = {}
    for path in sorted(ROOMS.glob(f"**/locale/{folder}/*.po")):
        seen = set()
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        # Babel silently keeps the last of two equal ids, so count them in the text.
        for key in re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE):
            if key in seen or key in entries:
                raise CatalogueError(f"{path.name} ({lang}): {key} is given twice")
            seen.add(key)
        for message in catalogue:
            if not message.id:
                continue
            if message.pluralizable:
                many, said = str(message.id[0]), tuple(message.string or ())
                if not many.startswith(_PLURAL) or not all(said):
                    raise CatalogueError(f"{path.name} ({lang}): {many} says nothing")
                entries[many] = _BETWEEN.join(said)
                continue
            if not isinstance(message.string, str) or not message.string:
                raise CatalogueError(f"{path.name} ({lang}): {message.id} says nothing")
            entries[str(message.id)] = message.string
    return MappingProxyType(entries)


def register_english(entries: Mapping[str, str]) -> None:
    """Add English words that live elsewhere, such as the labels in the model's field metadata."""
    clash = sorted(key for key in entries if key in written("en"))
    if clash:
        raise CatalogueError(f"already in the English catalogue: {', '.join(clash)}")
    _english.update(entries)


@cache
def _hant() -> Mapping[str, str]:
    converted = {key: traditional(text) for key, text in written("zh-Hans").items()}
    return MappingProxyType({**converted, **written("zh-Hant")})


class Words:
    """The words of one language: ``w("check.title")``, ``w("check.most", amount="¥960")``."""

    def __init__(self, lang: str, *, strict: bool | None = None) -> None:
        if lang not in LANGS:
            raise ValueError(f"{lang!r} is not one of {', '.join(LANGS)}")
        self.lang = lang
        self._strict = os.environ.get(STRICT_VARIABLE) == "1" if strict is None else strict

    def _find(self, key: str) -> str | None:
        if self.lang == "en":
            return written("en").get(key) or _english.get(key)
        return (_hant() if self.lang == "zh-Hant" else written("zh-Hans")).get(key)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence for ``key`` with its placeholders filled in.

        Only plain names are replaced: no attributes, no format codes, so a
        sentence can never reach into the program and a value is never parsed.
        """
        text = self._find(key)
        if text is None:
            return self._wrong(f"no {self.lang} words for {key}", key)
        wanted = placeholders(text)
        if wanted != values.keys():
            self._wrong(f"{key} ({self.lang}) wants {sorted(wanted)}, got {sorted(values)}", key)
        said = _PLACEHOLDER.sub(lambda match: self._filled(match, values), text)
        return said if self.lang == "en" else _UNIT_GAP.sub("", said)

    def _filled(self, match: re.Match[str], values: Mapping[str, object]) -> str:
        """What stands for one pair of braces: a value, or the form of a word that goes by it."""
        value = str(values.get(match[1], match[0]))
        if match[2] is None:
            return value
        forms = self._find(_PLURAL + match[2])
        if forms is None:
            return self._wrong(f"no {self.lang} plural for {match[2]}", match[2])
        one, _, more = forms.partition(_BETWEEN)
        return one if not more or value == "1" else more

    def _wrong(self, problem: str, fallback: str) -> str:
        if self._strict:
            raise KeyError(problem)
        _log.error("words: %s", problem)
        return fallback

    def wants(self, key: str) -> frozenset[str]:
        """The names in braces that the sentence for ``key`` expects; none where there is none."""
        return placeholders(self._find(key) or "")

    def has(self, key: str) -> bool:
        """Whether there is anything to say for ``key``."""
        return self._find(key) is not None

    def keys(self) -> frozenset[str]:
        """Every key this language has words for."""
        if self.lang == "en":
            return frozenset(written("en")) | frozenset(_english)
        return frozenset(_hant() if self.lang == "zh-Hant" else written("zh-Hans"))

    def text(self, en: str, zh: str) -> str:
        """A text that a data file carries in two languages, in this one."""
        if self.lang == "en":
            return en
        return traditional(zh) if self.lang == "zh-Hant" else zh

    def label(self, param_id: str) -> str:
        """What a parameter is called."""
        return self(f"param.{param_id}.label")

    def help(self, param_id: str) -> str:
        """One sentence on what a parameter means, or nothing."""
        key = f"param.{param_id}.help"
        return self(key) if self.has(key) else ""


@cache
def words(lang: str) -> Words:
    """The shared :class:`Words` of a language; an unknown one speaks English."""
    return Words(lang if lang in LANGS else "en")
