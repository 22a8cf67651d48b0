"""Loading schemes: presets by id, files by path, single numbers by dotted key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from model import preset_file
from model.fields import Frozen
from model.preset import (
    OWN,
    PRESETS,
    SHOWN_KINDS,
    Preset,
    SchemeError,
    short,
)
from model.preset_file import MAX_FILE
from model.scheme import KINDS, Scheme

#: Files beside the presets that are none.
_NO_PRESETS = frozenset({"sources", "populations", "facts", "flags", "advice", "lessons"})


def parse_value(text: str) -> Any:
    """A value typed on a command line or in a URL: number, list, none or a word."""
    text = text.strip()
    if len(text) > 20_000:
        raise SchemeError("the value is too long; at most 20000 characters")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _called(path: Path) -> str:
    """A file's name, fit for a message of one line."""
    return path.name if path.name.isprintable() and len(path.name) <= 60 else short(path.name)


def read(path: Path) -> Preset:
    """The preset in a file; raises SchemeError, one sentence with the file's name, line and key."""
    name = _called(path)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_FILE else bytes(MAX_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise SchemeError(f"{name}: cannot be read ({reason})") from None
    try:
        return preset_file.read(data)
    except SchemeError as error:
        raise SchemeError(f"{name}: {error}") from None


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Preset]:
    shown = (
        "local-life-points wine-points thousand-yuan-points equity-shop cyclic-purchase "
        "cyclic-packages green-points guild-queue three-in-one-out ad-tasks lifetime-points "
        "zero-cost-marketing "
        "case-yunlianhui case-wanjia case-yuehua "
        "cash-back-card stamp-card cooperative-dividend"
    )
    order = {name: place for place, name in enumerate(shown.split())}
    paths = sorted(path for path in PRESETS.glob("*.toml") if path.stem not in _NO_PRESETS)
    found = [read(path) for path in paths]
    found.sort(
        key=lambda preset: (
            SHOWN_KINDS.index(preset.kind),
            order.get(preset.id, len(order)),
            preset.id,
        )
    )
    return {preset.id: preset for preset in found}


class Place(Frozen):
    """How many people live somewhere."""

    id: str
    people: int = Field(gt=0)
    source: str


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Places to hold a number of orders against, smallest first."""
    document = tomllib.loads((PRESETS / "populations.toml").read_text(encoding="utf-8"))
    return tuple(Place.model_validate(place) for place in document["place"])


def presets(*, family: str | None = None, kind: str | None = None) -> list[str]:
    """The ids of the presets, the one shown first in front; of one family or kind if given.

    Without a kind all of them: the advertised ones, then real cases, sound programmes, and what
    else somebody has put there (``kind = "own"``).
    """
    return [
        name
        for name, found in _shipped().items()
        if family in {None, found.family} and kind in {None, found.kind}
    ]


@lru_cache(maxsize=256)
def own_preset(mechanisms: str) -> Preset:
    """An empty preset of ``mechanisms``: kinds joined by ``+``, each ``kind`` or ``kind.name``.

    It holds no numbers: a reader's own go with the address as changes. Raises SchemeError.
    """
    parts = []
    for text in mechanisms[:400].split("+"):
        kind, _, name = text.partition(".")
        parts.append({"kind": kind, "name": name})
    title = {"en": "Own settings", "zh": "自己的设置"}
    document = {
        "id": "own",
        "revision": 1,
        "date": "2026",
        "kind": "own",
        "family": parts[0]["kind"],
        "name": title,
        "summary": title,
        "value": [],
        "mechanism": parts,
    }
    try:
        found = Preset.model_validate(document)
        found.scheme()
    except ValidationError:
        raise SchemeError(
            f"{short(mechanisms)} are not mechanisms; known: {', '.join(KINDS)}"
        ) from None
    return found


@dataclass(frozen=True)
class _Reference:
    id: str
    revision: int | None


def _reference(text: str) -> _Reference:
    name, _, revision = text.partition("@")
    if revision and not (revision.isascii() and revision.isdigit() and len(revision) <= 5):
        raise SchemeError(f"{short(revision)} is not a revision; allowed: a whole number from 1")
    return _Reference(name, int(revision) if revision else None)


def preset(reference: str, *, directory: Path | None = None) -> Preset:
    """The preset ``id`` or ``id@revision``; old revisions come from presets/archive.

    ``own:points_pool+commission`` is an empty one of these mechanisms. Raises SchemeError naming
    what exists.
    """
    if reference.startswith(OWN):
        return own_preset(reference.removeprefix(OWN))
    wanted = _reference(reference)
    shipped = (
        _shipped()
        if directory is None
        else {p.id: p for p in map(read, sorted(directory.glob("*.toml"))) if p.id}
    )
    current = shipped.get(wanted.id)
    if current is None:
        known = ", ".join(shipped)
        raise SchemeError(f"unknown scheme {short(wanted.id)}; known: {known}")
    if wanted.revision is None or wanted.revision == current.revision:
        return current
    old = (directory or PRESETS) / "archive" / f"{wanted.id}.{wanted.revision}.toml"
    if not old.is_file():
        raise SchemeError(
            f"{wanted.id} has no revision {wanted.revision}; the newest is {current.revision}"
        )
    return read(old)


def load(reference: str | Path, set: Mapping[str, Any] | None = None) -> Scheme:
    """A scheme by preset id (``wine-points``, ``wine-points@1``) or by path to a preset file.

    ``set`` maps dotted keys to values, for example ``{"points_pool.fee": 0.2, "horizon": 365}``;
    ``None`` or ``"none"`` switches an optional number off. Raises SchemeError, one sentence.
    """
    if isinstance(reference, Path) or reference.endswith(".toml"):
        return read(Path(reference)).scheme(set)
    return preset(reference).scheme(set)


def real_case(scheme: Scheme) -> Preset | None:
    """The real case whose rules a scheme has, with a reader's changes or without; else None."""
    if scheme.id not in presets(kind="real_case"):
        return None
    return preset(f"{scheme.id}@{scheme.revision}")
