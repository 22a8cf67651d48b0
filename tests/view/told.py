"""Words that keep what every sentence was given, so that each number is held to its own figure.

To find a number somewhere in a text does not say that it stands in the right place.
"""

from __future__ import annotations

from view.words.words import Words


class Told(Words):
    """The words of one language, and by key the values of each sentence when it was last said."""

    def __init__(self, lang: str = "en") -> None:
        super().__init__(lang, strict=True)
        self.values: dict[str, dict[str, object]] = {}

    def __call__(self, key: str, /, **values: object) -> str:
        self.values[key] = values
        return super().__call__(key, **values)
