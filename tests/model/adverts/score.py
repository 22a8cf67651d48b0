"""How well the adverts of a file are read: found, right, wrong, and what must not be there.

An advert has ``id``, ``language``, ``text``, ``families`` (any that are right, the main one
first), a ``number`` for every number that a careful reader would take as a term, in the order of
the text, and ``other``: numbers that are none, and contacts that may be in no output. A number has
``text`` (a piece of the advert with the number in it, the ``nth``), ``value`` or ``low`` and
``high``, ``unit``, ``role`` (one or a list), ``per`` where it matters.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.reading import FAMILIES, ROLES, Number, Reading, read
from model.reading.plain import COMMA, plain

FOLDER = Path(__file__).parent
CONTROLS = {"cashback", "none"}
POOL = {"share", "multiple", "gift", "fee"}


def halves() -> dict[str, list[dict[str, Any]]]:
    """The adverts of every file that is there, by its name."""
    return {path.stem: load(path) for path in sorted(FOLDER.glob("*.toml"))}


def load(path: Path) -> list[dict[str, Any]]:
    adverts: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["advert"]
    return adverts


@dataclass
class Score:
    """Sums over adverts. ``wrong`` and ``missed`` say in words what went wrong."""

    adverts: int = 0
    stated: int = 0
    found: int = 0
    right: int = 0
    with_role: int = 0
    role_right: int = 0
    family_right: int = 0
    family_honest: int = 0
    false_pools: int = 0
    contacts: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def recall_found(self) -> float:
        return self.found / self.stated

    @property
    def recall(self) -> float:
        return self.right / self.stated

    @property
    def precision(self) -> float:
        return self.role_right / self.with_role

    @property
    def wrong_pills(self) -> float:
        return 1 - self.precision

    @property
    def families(self) -> float:
        return self.family_honest / self.adverts


def place(advert: dict[str, Any], wanted: dict[str, Any]) -> tuple[int, int]:
    """Where a stated number stands in the text as read."""
    whole = plain(advert["text"]).replace(COMMA, ",")
    piece = plain(wanted["text"]).replace(COMMA, ",")
    at = -1
    for _ in range(wanted.get("nth", 1)):
        at = whole.find(piece, at + 1)
        assert at >= 0, (advert["id"], wanted)
    return at, at + len(piece)


def is_it(number: Number, wanted: dict[str, Any], span: tuple[int, int]) -> bool:
    """Whether it is that number: its place, unit and value."""
    low, high = wanted.get("low", wanted.get("value")), wanted.get("high", wanted.get("value"))
    return (
        number.start < span[1]
        and span[0] < number.end
        and number.unit == wanted["unit"]
        and math.isclose(number.low, low, rel_tol=1e-4)
        and math.isclose(number.high, high, rel_tol=1e-4)
    )


def roles(wanted: dict[str, Any]) -> set[str | None]:
    role = wanted.get("role")
    return {role} if role is None or isinstance(role, str) else set(role)


def right(number: Number, wanted: dict[str, Any]) -> bool:
    return number.role in roles(wanted) and wanted.get("per", number.per) == number.per


def add(score: Score, advert: dict[str, Any]) -> None:
    """Read one advert and add how it went."""
    reading = read(advert["text"])
    spans = [(wanted, place(advert, wanted)) for wanted in advert.get("number", [])]
    score.adverts += 1
    for wanted, span in spans:
        its = [number for number in reading.numbers if is_it(number, wanted, span)]
        score.stated += 1
        score.found += bool(its)
        score.right += any(right(number, wanted) for number in its)
        if not any(right(number, wanted) for number in its):
            score.missed.append(f"{advert['id']}: {wanted} {[(n.role, n.per) for n in its]}")
    for number in reading.numbers:
        if number.role is None or _in_between(number, reading, spans):
            continue
        score.with_role += 1
        good = any(is_it(number, w, span) and number.role in roles(w) for w, span in spans)
        good = good or _again(number, advert, spans)
        score.role_right += good
        if not good:
            said = reading.text[number.start : number.end]
            score.wrong.append(f"{advert['id']}: {said} {number.value} {number.role}")
    _add_family(score, advert, reading)
    score.contacts += sum(1 for _ in shown(advert, reading))


def _again(number: Number, advert: dict[str, Any], spans: list[Any]) -> bool:
    """Whether it says once more what is stated elsewhere, and is not listed as no term."""
    whole = plain(advert["text"]).replace(COMMA, ",")
    for text in advert.get("other", {}).get("numbers", []):
        at = whole.find(plain(text).replace(COMMA, ","))
        if at < number.end and number.start < at + len(text):
            return False
    return any(
        is_it(number, wanted, (number.start, number.end)) and number.role in roles(wanted)
        for wanted, _ in spans
    )


def _in_between(number: Number, reading: Reading, spans: list[Any]) -> bool:
    """What is worked out from terms and not stated itself is neither right nor wrong."""
    if not number.worked_out or any(is_it(number, wanted, span) for wanted, span in spans):
        return False
    return all(
        any(
            reading.numbers[i].start < span[1] and span[0] < reading.numbers[i].end
            for _, span in spans
        )
        for i in number.worked_out
    )


def _add_family(score: Score, advert: dict[str, Any], reading: Reading) -> None:
    first = reading.families[0].name
    good = first in advert["families"]
    score.family_right += good
    score.family_honest += good or first == "none"
    if not good:
        score.wrong.append(
            f"{advert['id']}: family {[(f.name, f.score) for f in reading.families]}"
        )
    if advert["families"][0] in CONTROLS:
        score.false_pools += any(number.role in POOL for number in reading.numbers)


def shown(advert: dict[str, Any], reading: Reading) -> Iterator[str]:
    """Contacts of the advert that are in what was read."""
    output = f"{reading.text} {reading!r}".lower()
    for contact in advert.get("other", {}).get("contacts", []):
        if plain(contact).replace(COMMA, ",") in output:
            yield contact


def scored(adverts: list[dict[str, Any]]) -> Score:
    score = Score()
    for advert in adverts:
        add(score, advert)
    return score


def valid(advert: dict[str, Any]) -> None:
    """Raise what is not in the format."""
    assert advert["language"] in {"zh-Hans", "zh-Hant", "en"}, advert["id"]
    assert set(advert["families"]) <= set(FAMILIES), advert["id"]
    for wanted in advert.get("number", []):
        assert roles(wanted) <= {*ROLES, None}, wanted
        assert ("value" in wanted) != ("low" in wanted and "high" in wanted), wanted
        place(advert, wanted)
    whole = plain(advert["text"]).replace(COMMA, ",")
    for texts in advert.get("other", {}).values():
        assert all(plain(text).replace(COMMA, ",") in whole for text in texts), advert["id"]
