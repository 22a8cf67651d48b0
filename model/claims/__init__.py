"""The claims heard about such offers, and what the numbers say of each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from model.claims import income, lasting, money, names, price
from model.claims.base import (
    GROUPS,
    VERDICTS,
    Claim,
    Conclusion,
    Figure,
    Input,
    Number,
    Reason,
    Step,
    Verdict,
    evaluate,
    names_in,
)

__all__ = [
    "CLAIMS",
    "GROUPS",
    "VERDICTS",
    "Claim",
    "Conclusion",
    "Figure",
    "Input",
    "Number",
    "Reason",
    "Step",
    "Verdict",
    "evaluate",
    "names_in",
]

#: id -> claim, by group and within a group by number.
CLAIMS: Mapping[str, Claim] = MappingProxyType(
    {
        claim.id: claim
        for claim in sorted(
            (*price.CLAIMS, *money.CLAIMS, *lasting.CLAIMS, *income.CLAIMS, *names.CLAIMS),
            key=lambda claim: (GROUPS.index(claim.group), claim.number),
        )
    }
)
