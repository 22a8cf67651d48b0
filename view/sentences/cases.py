"""What else an offer may be as far as anybody has stated, as schemes. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model.fields import Parameter
from model.preset import Preset, SchemeError
from model.scheme import Scheme, scheme_parameters
from view.sentences import answers, stated
from view.sentences.judged import Offer

#: Numbers that are given back to a reader who has not stated them: the fees.
_FEES = ("fee", "withdrawal_fee")


def fee_open(judged: Offer) -> bool:
    """Whether nobody has stated what is kept back."""
    return any(_is_fee(key) for key in (*judged.unsure, *judged.ours))


def as_advertised(judged: Offer, *, mine: bool) -> bool:
    """Whether the preset's own text is what is judged, and not an example for another offer."""
    own = ("order.spend", "order.goods_value", "demand.", "horizon", "tick")
    return not mine and not judged.unsure and all(k.startswith(own) for k in judged.changes)


def cases(judged: Offer, *, mine: bool) -> list[Scheme]:
    """The scheme, and what else it may be as far as anybody has stated: a flag holds for all.

    What nobody has stated may be anything that is allowed, and no fee is taken. Of an offer that
    is not the preset's own the numbers that nobody was asked for may be nothing.
    """
    chosen, known = judged.chosen, scheme_parameters(judged.scheme)
    # A sound programme is our own example as a whole.
    open_ = [*judged.unsure, *(judged.ours if chosen.kind != "sound" else ())]
    changes = _free(judged, open_)
    bases = [changes]
    if chosen.kind != "own" and not as_advertised(judged, mine=mine):
        asked = {*answers.questions(judged.scheme, judged.focus), *changes}
        plain = dict(changes)
        for value in chosen.value:
            key = value.key
            if key in asked or key not in known or key.startswith(_KEPT):
                continue
            without = {**plain, key: _nothing(known[key], value.value)}
            if _scheme(chosen, without) is not None:
                plain = without
        bases.append(plain)
    return _around(judged, open_, bases)


def possible(judged: Offer) -> list[Scheme]:
    """What the scheme may be where its reader could not state a number, and no fee is taken."""
    return _around(judged, judged.unsure, [_free(judged, judged.unsure)])


def _free(judged: Offer, open_: Iterable[str]) -> dict[str, Any]:
    """The changes, without the fees that nobody has stated."""
    return {**judged.changes, **dict.fromkeys((k for k in open_ if _is_fee(k)), 0.0)}


def _is_fee(key: str) -> bool:
    return key.rpartition(".")[2] in _FEES


def _around(
    judged: Offer, open_: Iterable[str], bases: Sequence[Mapping[str, Any]]
) -> list[Scheme]:
    """All open numbers at one end or the other, and from there each by itself.

    Never at what happens to stand there now, unless nothing is open.
    """
    chosen, known = judged.chosen, scheme_parameters(judged.scheme)
    base = _scheme(chosen, bases[0]) or judged.scheme
    wide = {
        key: stated.others(known[key], base.get(key), wide=True)
        for key in open_
        if not _is_fee(key)
    }
    ends = [{key: vs[end] for key, vs in wide.items() if vs} for end in (0, -1)]
    found: list[Mapping[str, Any]] = []
    for each in bases:
        for end in ends if wide else []:
            start = _moved(chosen, each, base, end)
            found.append(start)
            for key, values in wide.items():
                found += [_moved(chosen, start, base, {key: value}) for value in values]
        if not wide:
            found.append(each)
    schemes = [scheme for found_ in found if (scheme := _scheme(chosen, found_)) is not None]
    return schemes or [base]


def _moved(
    chosen: Preset, changes: Mapping[str, Any], base: Scheme, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Changes with these numbers too, each as near to its value as the others allow."""
    if _scheme(chosen, {**changes, **values}) is not None:
        return {**changes, **values}
    moved = dict(changes)
    for key, value in values.items():
        if _scheme(chosen, {**moved, key: value}) is not None:
            moved[key] = value
            continue
        start = moved.get(key, base.get(key))
        if not isinstance(value, float) or not isinstance(start, float):
            continue
        low, high = 0.0, 1.0
        for _ in range(16):
            part = (low + high) / 2
            nearer = {**moved, key: start + part * (value - start)}
            low, high = (low, part) if _scheme(chosen, nearer) is None else (part, high)
        moved[key] = start + low * (value - start)
    return moved


#: What an offer costs and sells stays as it is shown.
_KEPT = ("order.", "demand.", "behaviour.", "horizon", "tick")


def _nothing(parameter: Parameter, value: Any) -> Any:
    """A number as if the offer had nothing of the kind."""
    if parameter.optional:
        return None
    if parameter.key.rpartition(".")[2] in {"package_multiples", "package_quotas"}:
        return [0.01 for _ in value]  # without the list a number of ours would stand for it
    if parameter.unit in {"choice", "list"} or parameter.minimum is None:
        return parameter.default
    whole = isinstance(parameter.default, int)
    return int(parameter.minimum) if whole else parameter.minimum


def _scheme(chosen: Preset, changes: Mapping[str, Any]) -> Scheme | None:
    try:
        return chosen.scheme(changes)
    except SchemeError:
        return None
