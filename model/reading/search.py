"""Finding words: Chinese ones anywhere, words in letters only whole."""

from __future__ import annotations


def places(text: str, word: str) -> list[int]:
    """Where a word stands; one in letters begins and ends where no letter goes on."""
    found, at = [], text.find(word)
    while at >= 0:
        if _whole(text, at, at + len(word)):
            found.append(at)
        at = text.find(word, at + 1)
    return found


def _whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    left = text[start].isascii() and text[start].isalnum() and before.isascii() and before.isalpha()
    last = text[end - 1]
    right = last.isascii() and last.isalnum() and after.isascii() and after.isalpha()
    return not left and not right
