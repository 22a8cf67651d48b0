"""A reader's own rules: mechanisms put in and taken out, as settings of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from model.library import own_preset
from model.preset import SchemeError
from model.scheme import KINDS, Named, Parts, Scheme, named_parameters, scheme_parameters
from view.mechanisms.face import faces
from view.settings import state
from view.settings.state import Settings

#: Rounding in percent must not count as too much.
TINY = 1e-6
#: A mechanism that is added gets at least this much of the price, if there is any room.
LEAST_SHARE = 0.01


def own_settings(scheme: Scheme, parts: Named | None = None) -> Settings:
    """``scheme`` as the reader's own, with all its numbers; of its mechanisms only ``parts``."""
    parts = parts or tuple((m.kind, m.name) for m in scheme.mechanisms)
    named = [kind if name == kind else f"{kind}.{name}" for kind, name in parts]
    own = own_preset("+".join(named))
    here, wanted = scheme_parameters(scheme), named_parameters(parts)
    values = {key: scheme.get(key) for key in wanted if key in here}
    return Settings(own, state.changed(own, values), {})


class RulesError(ValueError):
    """Why the rules cannot be changed so: a catalogue key and its placeholders."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def without(scheme: Scheme, kind: str) -> Settings:
    """``scheme`` without the mechanisms of a kind, as the reader's own."""
    parts = tuple((m.kind, m.name) for m in scheme.mechanisms if m.kind != kind)
    if not parts:
        raise RulesError("rules.one_needed")
    settings = own_settings(scheme, parts)
    # What was shared with one of them stands alone now.
    changes = {key: value for key, value in settings.changes.items() if value != kind}
    return _holding(replace(settings, changes=changes))


def added(scheme: Scheme, kind: str, parked: Mapping[str, Any]) -> Settings:
    """``scheme`` with a mechanism more, as the reader's own; ``parked``: numbers it had before."""
    if scheme.order.packages and not faces()[kind].packages:
        raise RulesError("rules.no_packages")
    have = {m.kind for m in scheme.mechanisms} | {kind}
    parts: Named = tuple(
        part
        for each in KINDS
        if each in have
        for part in (
            [(str(m.kind), m.name) for m in scheme.mechanisms if m.kind == each] or [(each, each)]
        )
    )
    settings = own_settings(scheme, parts)
    known = named_parameters(parts)
    earlier = {key: value for key, value in parked.items() if key in known}
    changes = {**earlier, **settings.changes}
    if takes := faces()[kind].takes:
        main, *others = (f"{kind}.{name}" for name in takes)
        taken = sum(m.taken for m in scheme.mechanisms)
        named = sum(getattr(scheme.order.parts, name) for name in Parts.model_fields)
        asked = float(changes.get(main, known[main].default))
        room = max(1 - taken - named, LEAST_SHARE)
        share = round(min(asked, room, 1 - taken), 10)
        if share < max(known[main].minimum or 0.0, 0.001):
            raise RulesError("rules.no_room")
        changes[main] = share
        changes.update((other, 0.0) for other in others if other in changes)
    try:
        return _holding(replace(settings, changes=changes))
    except RulesError:
        # The earlier numbers no longer fit: the mechanism's own instead.
        changes = {k: v for k, v in changes.items() if k not in earlier or k.endswith(".share")}
        return _holding(replace(settings, changes=changes))


def _holding(settings: Settings) -> Settings:
    try:
        settings.scheme()
    except SchemeError:
        raise RulesError("rules.together") from None
    return replace(settings, changes=state.changed(settings.preset, settings.changes))


def holds(settings: Settings, values: Mapping[str, Any]) -> bool:
    """Whether the scheme holds with these values."""
    try:
        settings.preset.scheme({**settings.changes, **values})
    except SchemeError:
        return False
    return True
