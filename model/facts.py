"""Statements about the world: what courts, regulators and the press have said, as data.

They stand in ``presets/facts.toml`` and nowhere else, each with its sources, date and grade, so
that a page cannot say one without them (``view.sentences.facts`` writes the line beneath).
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from model.fields import Frozen
from model.preset import PRESETS, SchemeError, Text, sources
from model.preset_file import MAX_FILE

#: A day, a month or a year, or the word for a page without a date.
DATE = r"^(\d{4}(-\d\d(-\d\d)?)?|undated)$"


class WorldFact(Frozen):
    """One statement, in our own words.

    ``about`` groups what belongs together: the id of a case, or of a notice or law. ``figures`` are
    the numbers in the text by name, for code that needs them. ``leads``: of a case, what is said
    first wherever its name stands. ``date`` is when it was said or decided, the source's own date
    when it was published.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    about: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    topic: Literal["case", "law"]
    leads: bool = False
    place: Literal["cn", "abroad"]
    text: Text
    #: Points of a list that the text announces.
    items: tuple[Text, ...] = Field(default=(), max_length=12)
    figures: dict[str, float] = Field(default={}, max_length=12)
    sources: tuple[str, ...] = Field(min_length=1, max_length=4)
    date: str = Field(pattern=DATE)
    grade: Literal["A", "B"]

    @field_validator("sources")
    @classmethod
    def _can_be_found(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Every source is known, official, graded, and says where it was read."""
        known = sources()
        for id_ in value:
            found = known.get(id_)
            if found is None:
                raise ValueError(f"unknown source {id_!r}; known: {', '.join(known)}")
            if found.address is None or found.kind != "official" or found.grade not in {"A", "B"}:
                raise ValueError(
                    f"{id_}: a fact needs an official source of grade A or B, with its address"
                )
        return value

    @model_validator(mode="after")
    def _no_better_than_its_sources(self) -> WorldFact:
        best = min(sources()[id_].grade for id_ in self.sources)
        if self.grade != best:
            raise ValueError(f"the grade is that of the best source, {best}")
        return self


def read_facts(text: str) -> tuple[WorldFact, ...]:
    """The facts in a TOML text, in its order; raises SchemeError, one sentence with the id."""
    try:
        document = tomllib.loads(text[:MAX_FILE])
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"facts: not a TOML file ({error})") from None
    extra = sorted(set(document) - {"fact"})
    if extra:
        raise SchemeError(f"facts: unknown key {extra[0]}; known: fact")
    found: dict[str, WorldFact] = {}
    for number, item in enumerate(document.get("fact", []), start=1):
        try:
            fact = WorldFact.model_validate(item)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            message = str(first["msg"]).removeprefix("Value error, ")
            name = item.get("id", f"number {number}")
            raise SchemeError(f"fact {name}: {where + ': ' if where else ''}{message}") from None
        if fact.id in found:
            raise SchemeError(f"fact {fact.id} is given twice")
        found[fact.id] = fact
    return tuple(found.values())


@lru_cache(maxsize=1)
def _all() -> tuple[WorldFact, ...]:
    return read_facts((PRESETS / "facts.toml").read_text(encoding="utf-8"))


def facts(
    *, about: str | None = None, topic: str | None = None, place: str | None = None
) -> tuple[WorldFact, ...]:
    """The facts in the order of their file; only those about, of a topic or from a place."""
    return tuple(
        fact
        for fact in _all()
        if about in {None, fact.about}
        and topic in {None, fact.topic}
        and place in {None, fact.place}
    )


def leading(about: str) -> WorldFact | None:
    """What was published of a case and stands first wherever it is named."""
    return next((found for found in facts(about=about) if found.leads), None)


def fact(id_: str) -> WorldFact:
    """One fact; raises KeyError if there is none of that id."""
    for found in _all():
        if found.id == id_:
            return found
    raise KeyError(id_)
