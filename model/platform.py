"""The platform's own account: what it opens with, and what it does when it cannot pay."""

from __future__ import annotations

from typing import Literal

from model.fields import Frozen, param

#: Beyond this fee on withdrawals nobody is paid anything worth the name: releases are cut instead.
MAX_FEE = 0.9


class Platform(Frozen):
    """Fixed promises that no pool covers are paid from here until it is empty.

    The account is fed by the platform's part of each order and the price of territories.
    """

    capital: float = param(
        0.0,
        unit="yuan",
        ge=0,
        le=1e12,
        step=10_000,
        label="Money the platform starts with",
        help="What the platform can pay from before the first order.",
    )
    policy: Literal["stop", "cut", "raise_fee", "raise_minimum"] = param(
        "stop",
        unit="choice",
        label="When the money is not enough",
        help="Stop paying for good; pay everybody the same smaller part; "
        "raise the fee on withdrawals; or raise the smallest sum that can be withdrawn.",
    )
    withdrawal_fee: float = param(
        0.0,
        unit="share",
        ge=0,
        le=MAX_FEE,
        step=0.01,
        slider=(0.0, 0.5),
        unsure=(0.0, 0.3),
        label="Fee on withdrawals",
        help="This part of what is released is kept back when it is withdrawn.",
    )
    fee_step: float = param(
        0.1,
        unit="share",
        ge=0.01,
        le=MAX_FEE,
        step=0.01,
        label="Raised each time by",
        help="By how much the fee is raised when the money is not enough.",
    )
    minimum: float = param(
        0.0,
        unit="yuan",
        ge=0,
        le=1e7,
        step=10,
        label="Smallest withdrawal",
        help="What has been released is paid once it has reached this sum.",
    )
    raised_minimum: float | None = param(
        None,
        unit="yuan",
        ge=0,
        le=1e7,
        step=10,
        label="Smallest withdrawal, raised later",
        help="From a later day on the smallest withdrawal is at least this; none: it stays.",
    )
    raised_from: int = param(
        365,
        unit="ticks",
        ge=1,
        le=10_000,
        step=1,
        label="Raised from day",
        help="On this day the smallest withdrawal is raised, whatever money there is.",
    )

    @property
    def wallets(self) -> bool:
        """Whether what is due goes to a wallet first, from the start."""
        return self.minimum > 0 or self.raised_minimum is not None
