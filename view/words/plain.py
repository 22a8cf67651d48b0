"""What came from outside, fit to be repeated: as text, short, and without what nobody sees.

An address, a file, a box or a header may hold anything. Where a sentence repeats some of it, it
goes through :func:`quoted`, and the sentence through ``view/parts/notices.py``, which has no
markup at all: in Streamlit's markdown there is no escaping an address or an icon's name, they
become a link and an icon even behind a backslash. No Streamlit here.
"""

from __future__ import annotations

import unicodedata
from typing import Final

#: Of what is repeated, so many characters are enough to know it again.
MOST: Final = 40
#: Stands for what has no shape of its own, so that it can be seen that there was something.
UNSEEN: Final = "\ufffd"
#: Marks that stand over or under the same letter; more of them reach into other lines.
MOST_MARKS: Final = 2
#: Around text that runs from right to left: what stands beside it keeps its place.
ISOLATE: Final = "\u2068"
END: Final = "\u2069"
_CUT: Final = "…"
#: Controls, directions and other marks without a shape, halves of characters, private ones, none.
_SHAPELESS: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MARKS: Final = frozenset({"Mn", "Me"})
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def quoted(text: str, most: int = MOST) -> str:
    """``text`` as a sentence may repeat it: one line, at most ``most`` characters."""
    # Longer texts are not even looked through; the rest of it is cut anyway.
    found: list[str] = []
    marks = 0
    for character in " ".join(text[: 4 * most].split()):
        category = unicodedata.category(character)
        marks = marks + 1 if category in _MARKS else 0
        if marks > MOST_MARKS:
            continue
        if category not in _SHAPELESS:
            found.append(character)
        elif found[-1:] != [UNSEEN]:
            found.append(UNSEEN)
    if len(found) > most or len(text) > 4 * most:
        found = [*found[: most - 1], _CUT]
    said = "".join(found)
    turns = any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in said)
    return f"{ISOLATE}{said}{END}" if turns else said


def cell(text: str) -> str:
    """``text`` for a cell of a file of numbers: no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
