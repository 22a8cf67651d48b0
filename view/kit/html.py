"""The kit's pages as HTML: the template filled in, and where its links lead."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from view.kit import kit
from view.light.html import drawn, source_hash
from view.words.words import LANGS, NAMES, words

_HERE: Final = Path(__file__).resolve().parent
STYLE: Final = (_HERE / "kit.css").read_text("utf-8")
WIDE: Final = (_HERE / "slides.css").read_text("utf-8")
#: By what a policy knows the two.
STYLE_HASHES: Final = f"'{source_hash(STYLE)}' '{source_hash(WIDE)}'"

#: An address of a part: (lesson, part, language); without lesson the index.
Link = Callable[[str, str, str], str]


def on_server(lesson: str, part: str, lang: str) -> str:
    """Where a part is on the server."""
    query = {"lang": lang, "n": lesson, "part": part} if lesson else {"lang": lang}
    return f".{kit.PATH}?{urlencode(query)}"


def in_folder(lesson: str, part: str, lang: str) -> str:
    """The file of a part; all lie in one folder."""
    return f"{lesson}-{part}.{lang}.html" if lesson else f"index.{lang}.html"


def page(
    lesson: str, part: str, lang: str, link: Link = on_server, langs: tuple[str, ...] = LANGS
) -> str:
    """A part of a kit; raises KeyError for what there is not. ``langs``: those it is there in."""
    w = words(lang)
    name = kit.part_name(part, w)
    shown = kit.pages(lesson, part, lang)
    return drawn(
        "kit/kit.html",
        w=w,
        lang=lang,
        part=part,
        title=f"{name} · {kit.title_of(lesson, w)[0]}",
        named=kit.named(lesson, w),
        pages=shown,
        style=STYLE,
        wide=part == "slides",
        wide_style=WIDE,
        index=link("", "", lang),
        parts=[(kit.part_name(one, w), link(lesson, one, lang), one == part) for one in kit.PARTS],
        tongues=_tongues(lang, langs, lambda code: link(lesson, part, code)),
    )


def index(
    lang: str,
    link: Link = on_server,
    langs: tuple[str, ...] = LANGS,
    *,
    problem: str = "",
    only: tuple[str, ...] = kit.KITS,
) -> str:
    """What there is, with links. ``problem``: a sentence on what was asked for."""
    w = words(lang)
    return drawn(
        "kit/index.html",
        w=w,
        lang=lang,
        title=f"{w('kit.title')} · {w('app.name_full')}",
        problem=problem,
        style=STYLE,
        tongues=_tongues(lang, langs, lambda code: link("", "", code)),
        kits=[_row(lesson, lang, link) for lesson in only],
    )


def _row(lesson: str, lang: str, link: Link) -> tuple[str, str, str, list[tuple[str, str, str]]]:
    w = words(lang)
    parts = [(name, link(lesson, part, lang), pages) for part, name, pages in kit.parts(lesson, w)]
    return kit.named(lesson, w), *kit.title_of(lesson, w), parts


def _tongues(
    lang: str, langs: tuple[str, ...], link: Callable[[str], str]
) -> list[tuple[str, str, str, bool]]:
    return [(code, NAMES[code], link(code), code == lang) for code in langs]


@lru_cache(maxsize=200)
def served(lang: str, lesson: str, part: str, problem: str = "") -> bytes:
    """A page of the server, compressed and kept: there are not many."""
    text = page(lesson, part, lang) if lesson else index(lang, problem=problem)
    return gzip.compress(text.encode(), 6, mtime=0)


def files(langs: tuple[str, ...], only: tuple[str, ...]) -> Mapping[str, str]:
    """All files of a folder by name: every part of these kits in these languages, and indexes."""
    found = {}
    for lang in langs:
        found[in_folder("", "", lang)] = index(lang, in_folder, langs, only=only)
        for lesson in only:
            for part in kit.PARTS:
                found[in_folder(lesson, part, lang)] = page(lesson, part, lang, in_folder, langs)
    found["index.html"] = found[in_folder("", "", langs[0])]
    return found
