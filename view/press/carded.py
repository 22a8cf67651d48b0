"""What every card says of a scheme: its picture, how an order is divided, sources and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.result import Result
from model.scheme import RECIPIENTS
from view.pictures import field
from view.press import press_sheet
from view.sentences import findings
from view.settings.state import Settings
from view.words.format import yuan
from view.words.words import Words


def split_of(settings: Settings, w: Words) -> tuple[tuple[str, str, str, float], ...]:
    """The parts of one order that are more than nothing."""
    scheme = settings.scheme()
    split = scheme.split()
    return tuple(
        (name, w(f"part.{name}"), yuan(split[name] * scheme.order.spend, w.lang), split[name])
        for name in ("pool", *RECIPIENTS)
        if split.get(name, 0.0) > 0
    )


def of_scheme(
    settings: Settings, result: Result | None, w: Words, *, unsure: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Fields of a card that follow from its scheme and its run."""
    chosen, changes = settings.preset, settings.changes
    own = chosen.kind == "own"
    return {
        "picture": field.field(result, w) if result is not None else None,
        "split": () if unsure else split_of(settings, w),
        "sources": (press_sheet.origin_of(chosen, w),),
        "about": findings.source_line(chosen, changes, w),
        "changed": w("card.own") if own else press_sheet.changed_of(chosen, changes, unsure, w),
        "named": w("card.own.title") if own else w.text(chosen.name.en, chosen.name.zh),
    }
