"""The page Teach: what a class will find, and the ways to lessons, class room and kit.

The same HTML before any script and after: it needs none.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from view.light.html import drawn
from view.teach.facts import LESSONS, facts
from view.teach.lessons import LANG, PATH, Asked
from view.teach.said import listed, told
from view.words import format as fmt
from view.words.words import Words, words


def finding(w: Words) -> str:
    """What a class can say after its first lesson, in one sentence with its numbers."""
    numbers = facts(LESSONS[0]).numbers
    return w(
        "teach.finding",
        price=fmt.multiple(fmt.significant(numbers["price"]), w.lang),
        each=fmt.yuan(numbers["each"], w.lang),
        spend=fmt.yuan(numbers["spend"], w.lang),
    )


@lru_cache(maxsize=8)
def html(lang: str) -> str:
    """Everything below the heading."""
    w = words(lang)
    lessons = [
        (f".{PATH}?{Asked(lang, lesson, 1).query()}", *listed(lesson, w)) for lesson in LESSONS
    ]
    here = urlencode({LANG: lang})
    return drawn(
        "teach/teach.html",
        w=w,
        finding=finding(w),
        assumed=told(LESSONS[0], lang).screens["reveal"].below,
        lessons=lessons,
        room=f"./room?{here}",
        kit=f"./kit?{here}",
    )
