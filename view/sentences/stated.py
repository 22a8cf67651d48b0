"""What nobody has stated: a sentence that rests on it says so, or is not said. No Streamlit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from model.fields import Parameter
from model.preset import Preset
from model.scheme import RECIPIENTS
from view.settings.values import label, value_text
from view.words.format import count
from view.words.words import Words

#: So many numbers are named one by one.
MOST_NAMED = 3
#: Whose turn it is in a queue.
RULES = ("pool", "shared", "own")
_ENDS = re.compile(r"(?<=[。！？])|(?<=[.!?]) +")


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its full stop."""
    return [part for part in _ENDS.split(text) if part]


def joined(parts: Iterable[str], w: Words) -> str:
    """The other way round."""
    return (" " if w.lang == "en" else "").join(parts)


def tagged(sentence: str, note: str, w: Words) -> str:
    """A sentence with a remark before its full stop."""
    if not note:
        return sentence
    ends = sentence[-1:] if sentence[-1:] in {".", "。"} else ""
    body = sentence.removesuffix(ends) if ends else sentence
    return w("tag.sentence", sentence=body, note=note) + ends


def each_tagged(text: str, note: str, w: Words) -> str:
    """Every sentence that has a number with the remark; the last if none has."""
    found = sentences(text)
    numbered = [bool(re.search(r"\d", part)) for part in found]
    if not any(numbered):
        numbered[-1] = True
    return joined(
        (tagged(s, note, w) if has else s for s, has in zip(found, numbered, strict=True)), w
    )


def _value(parameter: Parameter, value: Any, w: Words) -> str:
    """The value in words; of a list or a choice the name must do."""
    said = value is None or isinstance(value, int | float)
    return value_text(parameter, value, w) if said else ""


def _listed(named: Sequence[str], w: Words) -> str:
    shown = list(named[:MOST_NAMED])
    if len(named) > MOST_NAMED:
        shown.append(w("tag.more", n=count(len(named) - MOST_NAMED, w.lang)))
    return w("tag.and").join(shown)


def labels(chosen: Preset, keys: Iterable[str], w: Words) -> str:
    """The names of numbers that nobody has stated."""
    return w("tag.and").join(dict.fromkeys(label(chosen, key, w) for key in keys))


def ours(
    chosen: Preset, keys: Iterable[str], known: Mapping[str, Parameter], value: Any, w: Words
) -> str:
    """That these numbers are assumed, with their values; ``value`` gives one by its key."""
    named = []
    for key in dict.fromkeys(keys):
        shown = _value(known[key], value(key), w)
        name = label(chosen, key, w)
        named.append(w("tag.one", label=name, value=shown) if shown else name)
    return w("tag.ours", list=_listed(named, w)) if named else ""


def ranges(chosen: Preset, keys: Iterable[str], known: Mapping[str, Parameter], w: Words) -> str:
    """That these ranges are our own."""
    named = []
    for key in dict.fromkeys(keys):
        parameter = known[key]
        low, high = parameter.unsure or (0.0, 1.0)
        values = {"low": _value(parameter, low, w), "high": _value(parameter, high, w)}
        say = "tag.range_or_none" if parameter.optional else "tag.range"
        named.append(w(say, label=label(chosen, key, w), **values))
    return w("tag.ranges", list=_listed(named, w)) if named else ""


def others(parameter: Parameter, value: Any, *, wide: bool = False) -> list[Any]:
    """Values that a number nobody has stated may have instead; ``wide``: of all that is allowed."""
    key = parameter.key
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, tuple | list):
        return _other_lists(key, value)
    if parameter.unit == "choice":
        options = RECIPIENTS if key == "order.rest" else RULES if key.endswith(".rule") else ()
        return [part for part in options if part != value]
    allowed = (parameter.minimum, parameter.maximum)
    ends = allowed if wide else (parameter.unsure or parameter.slider or allowed)
    low, high = ends
    found = [
        high * (1 - 1e-6) if end == high and parameter.exclusive_maximum else end
        for end in (low, high)
        if end is not None
    ]
    if not found and isinstance(value, int | float):
        found = [value / 2, value * 2]
    whole = isinstance(parameter.default, int) and not isinstance(parameter.default, bool)
    if whole:
        found = [round(x) for x in found]
    every = [*found, *([None] if parameter.optional else [])]
    # All that is allowed is the same whatever happens to stand there.
    return every if wide else [x for x in every if x != value]


def _other_lists(key: str, value: Sequence[Any]) -> list[Any]:
    """A list with other numbers: who buys which package, or everything in it at half and double."""
    if key == "order.packages":
        shares = [share for _, share in value][::-1]
        return [[[price, share] for (price, _), share in zip(value, shares, strict=True)]]

    def scaled(item: Any, by: float) -> Any:
        return [scaled(x, by) for x in item] if isinstance(item, tuple | list) else item * by

    return [scaled(value, by) for by in (0.5, 2.0)] if value else []


class Said(str):
    """A sentence that knows the key of its words."""

    key: str = ""


class Keyed:
    """:class:`Words` whose sentences know their keys."""

    def __init__(self, w: Words) -> None:
        self._w = w

    def __call__(self, key: str, /, **values: object) -> Said:
        """The sentence for ``key``, which it remembers."""
        said = Said(self._w(key, **values))
        said.key = key
        return said

    def __getattr__(self, name: str) -> Any:
        return getattr(self._w, name)


def keyed(lines: Callable[[Any], Iterable[str]], w: Words) -> list[tuple[str, str]]:
    """(key of its words, sentence) of every line."""
    return [(getattr(line, "key", ""), str(line)) for line in lines(Keyed(w))]
