"""What a box for a number takes, and one sentence on what it does not. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from model.fields import Parameter
from view.words import typed
from view.words.format import count_short, multiple, percent, yuan
from view.words.plain import quoted
from view.words.typed import Allowed
from view.words.words import Words

#: Units of parameters that are whole numbers.
WHOLE: Final = frozenset({"ticks", "count"})


def allowed(parameter: Parameter) -> Allowed:
    """What a box for a parameter takes: percent for shares."""

    def bound(value: float | None) -> float | None:
        return round(value * 100, 8) if value is not None and parameter.unit == "share" else value

    return Allowed(
        unit=typed.known(parameter.unit),
        low=bound(parameter.minimum),
        high=bound(parameter.maximum),
        above=parameter.exclusive_minimum,
        below=parameter.exclusive_maximum,
        whole=parameter.unit in WHOLE,
        empty=parameter.optional,
    )


def refusal(label: str, box: Allowed, w: Words, *, unread: str | None = None) -> str:
    """One sentence: what may be typed; ``unread``: a text that is no number, which is named."""
    bounds = []
    if box.low is not None:
        bounds.append(w("typed.more" if box.above else "typed.least", x=_bound(box, box.low, w)))
    if box.high is not None:
        bounds.append(w("typed.less" if box.below else "typed.most", x=_bound(box, box.high, w)))
    limits = w("typed.and").join(bounds)
    if unread is None:
        key = "typed.refused.whole" if box.whole else "typed.refused"
        return w(key, label=label, limits=limits)
    key = "typed.unreadable.whole" if box.whole else "typed.unreadable"
    return w(key, label=label, limits=limits, text=quoted(unread))


def _bound(box: Allowed, value: float, w: Words) -> str:
    if box.unit == "share":
        return percent(value / 100, w.lang)
    shows: dict[str, Callable[[float, str], str]] = {"yuan": yuan, "multiple": multiple}
    if box.unit in shows:
        return shows[box.unit](value, w.lang)
    return typed.written(value) if abs(value) < 10_000 else count_short(value, w.lang)
