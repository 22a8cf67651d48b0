"""Red flags: what authorities have named, and which of it an offer's rules meet.

The words and their sources are data (``presets/flags.toml``); the rules are here. They look at what
a rule pays and out of whose money, never at who offers it or at a preset's kind: where every order
brings in itself all that it can ever be paid, nobody waits for anybody, and what is paid bit by bit
or ends at a limit is no flag.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Literal

from pydantic import Field, field_validator

from model.asked.answers import answers
from model.asked.flags import HAIR, Flags, Reason, Unit
from model.fields import Frozen
from model.preset import PRESETS, Text, sources
from model.scheme import Mechanism, Scheme

#: More of the price than this is no ordinary discount. Our own line; no authority names a number.
CASH_BACK = 0.3
#: A day, a year, or the word for a page without a date.
DATE = r"^(\d{4}(-\d\d-\d\d)?|undated)$"
#: What a reader may answer where the rules do not say.
ANSWERS = ("yes", "no")

Group = Literal["stop", "keep", "avoid", "report", "know"]


def _known(value: str) -> str:
    if value not in sources():
        raise ValueError(f"unknown source {value!r}; known: {', '.join(sources())}")
    return value


class Flag(Frozen):
    """One red flag: what it is called, who said what about it, and how to ask for it."""

    id: str
    title: Text
    says: Text
    source: str
    #: When it was said; the source may be a later print of it.
    date: str = Field(pattern=DATE)
    question: Text | None = None

    _source = field_validator("source")(_known)


class Advice(Frozen):
    """One line for somebody who has already paid; ``call`` is a number to ring for it."""

    group: Group
    call: str | None = Field(default=None, pattern=r"^\d{3,5}$")
    text: Text
    source: str
    date: str = Field(pattern=DATE)

    _source = field_validator("source")(_known)


@lru_cache(maxsize=1)
def flags() -> dict[str, Flag]:
    """Every red flag by its id, in the order of the page."""
    document = tomllib.loads((PRESETS / "flags.toml").read_text(encoding="utf-8"))
    found = [Flag.model_validate(item) for item in document["flag"]]
    return {flag.id: flag for flag in found}


@lru_cache(maxsize=1)
def advice() -> tuple[Advice, ...]:
    """What somebody who has already paid may do, in the order of the page."""
    document = tomllib.loads((PRESETS / "advice.toml").read_text(encoding="utf-8"))
    return tuple(Advice.model_validate(item) for item in document["advice"])


@dataclass(frozen=True)
class Finding:
    """Whether an offer meets a flag, and why.

    ``reason`` names the sentence and ``values`` its numbers, each with its unit: yuan, a share of
    one, a multiple or a count. ``met`` is None where the rules do not say and nobody has answered.
    """

    flag: str
    met: bool | None
    reason: str = ""
    values: Mapping[str, tuple[Unit, float]] = field(default_factory=dict)


# -- What an order is promised and brings in -----------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One order under a scheme: of one package, or the only one."""

    scheme: Scheme
    package: int = 0

    @property
    def spend(self) -> float:
        """What it costs, yuan."""
        return self.scheme.order.choices[self.package][0]

    @property
    def brought(self) -> float:
        """Yuan of it that go where payments to buyers come from."""
        return sum(mechanism.taken for mechanism in self.scheme.mechanisms) * self.spend

    @property
    def most(self) -> float | None:
        """The most the rules can ever pay for it, yuan after fees; None: no limit."""
        return self.scheme.most_paid_for(self.package)

    @property
    def depends_on_later(self) -> bool:
        """Whether it can be promised more than it brings in, so that others have to pay for it.

        A rule without a limit promises more than any one order brings in. Commissions are no
        promise to the buyer.
        """
        return self.most is None or self.most > self.brought * (1 + HAIR) + HAIR


# -- The rules, one a flag -----------------------------------------------------------------------


def _depends(case: Case) -> Reason | None:
    if not case.depends_on_later:
        return None
    most = case.most
    values: dict[str, tuple[Unit, float]] = {
        "spend": ("yuan", case.spend),
        "there": ("yuan", case.brought),
    }
    if most is None:
        return "depends_on_later.no_limit", values
    return "depends_on_later", values | {"most": ("yuan", most)}


def _cash_back(case: Case) -> Reason | None:
    most = case.most
    if most is None:
        return "cash_back.no_limit", {"spend": ("yuan", case.spend)}
    part = most / case.spend
    if part <= CASH_BACK * (1 + HAIR):
        return None
    return "cash_back", {"share": ("share", part), "line": ("share", CASH_BACK)}


def _multiple(case: Case) -> Reason | None:
    times = max(
        answers(Flags)[mechanism.kind].multiple(mechanism, case.package)
        for mechanism in case.scheme.mechanisms
    )
    return ("multiple", {"times": ("multiple", times)}) if times > 1 + HAIR else None


def _raised(flag: str, case: Case) -> Reason | None:
    """Why the first mechanism whose own settings raise a flag does."""
    for mechanism in case.scheme.mechanisms:
        asked: Flags[Mechanism] = answers(Flags)[mechanism.kind]
        reason = asked.raised(mechanism, case.scheme, case.package).get(flag)
        if reason is not None:
            return reason
    return None


def _raised_by_waiting(flag: str, case: Case) -> Reason | None:
    """The same of a flag that is none where nobody waits for others."""
    return _raised(flag, case) if case.depends_on_later else None


def _dearer(case: Case) -> Reason | None:
    reason = _raised("dearer", case)
    if reason is not None:
        return reason
    goods, spend = case.scheme.order.goods_value, case.scheme.order.spend
    if goods is None or goods >= spend * (1 - HAIR):
        return None
    return "dearer", {"spend": ("yuan", spend), "goods": ("yuan", goods)}


RULES: Mapping[str, Callable[[Case], Reason | None]] = {
    "depends_on_later": _depends,
    "cash_back": _cash_back,
    "multiple": _multiple,
    "instalments": partial(_raised_by_waiting, "instalments"),
    "only_rises": partial(_raised_by_waiting, "only_rises"),
    "forced_exit": partial(_raised_by_waiting, "forced_exit"),
    "terms_raised": partial(_raised, "terms_raised"),
    "recruits": partial(_raised, "recruits"),
    "territory": partial(_raised, "territory"),
    "dearer": _dearer,
}


def check(
    schemes: Scheme | Iterable[Scheme],
    answers: Mapping[str, str] | None = None,
    *,
    package: int | None = None,
) -> tuple[Finding, ...]:
    """Every flag in the order of the page: met, not met, or open.

    ``schemes`` is one scheme, or the scheme at every corner of what is not known: a flag is met if
    it is at all of them, and open if it is at some. ``answers`` maps a flag's id to what the reader
    says of it, ``yes`` or ``no``: ``no`` takes any flag back, ``yes`` meets one that is asked for.
    Anything else in it is left out. ``package`` counts from 0; without one, it is enough that one
    meets it.
    """
    found = (schemes,) if isinstance(schemes, Scheme) else tuple(schemes)
    corners = tuple(
        tuple(
            Case(scheme, k)
            for k in (range(len(scheme.order.choices)) if package is None else (package,))
        )
        for scheme in found
    )
    said = {id_: text for id_, text in (answers or {}).items() if text in ANSWERS}
    return tuple(_one(flag, corners, said.get(flag.id)) for flag in flags().values())


def _one(flag: Flag, corners: tuple[tuple[Case, ...], ...], said: str | None) -> Finding:
    if said == "no":
        return Finding(flag.id, False)
    rule = RULES[flag.id]
    found = [next(filter(None, map(rule, cases)), None) for cases in corners]
    reasons = [reason for reason in found if reason is not None]
    if reasons and len(reasons) == len(found):
        name, values = reasons[0]
        if any(reason != reasons[0] for reason in reasons):
            # The same sentence at every corner, or one that needs no number.
            return Finding(flag.id, True, "ranges")
        return Finding(flag.id, True, name, values)
    if said == "yes" and flag.question is not None:
        return Finding(flag.id, True, "said")
    if reasons:
        return Finding(flag.id, None)
    asked = flag.question is not None and not _settled(flag.id, corners)
    return Finding(flag.id, None if asked else False)


def _settled(flag: str, corners: tuple[tuple[Case, ...], ...]) -> bool:
    """Whether the numbers answer the question already."""
    return flag == "dearer" and all(
        case.scheme.order.goods_value is not None for cases in corners for case in cases
    )


def met(schemes: Scheme | Iterable[Scheme], answers: Mapping[str, str] | None = None) -> list[str]:
    """The ids of the flags that are met."""
    return [finding.flag for finding in check(schemes, answers) if finding.met]
