"""A lot of goods that passes from hand to hand, dearer each time: exact arithmetic, no pool.

Each buyer pays the holder; the platform takes a fee from the holder. When nobody buys, the last
holder keeps the lot. Both rates are of the price that the holder paid (Legal Daily on CCTV,
8 January 2025; the numbers with their sources stand in ``presets/lessons.toml``), so that after k
sales between members a lot costs P_k = P_0 (1 + rise)^k. There is no mechanism of it in the model
yet; the rule stands here by itself.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from math import expm1, log, log1p
from typing import NamedTuple

from pydantic import Field, model_validator

from model.fields import Frozen
from model.preset import PRESETS, Text, Value, sources

#: Sales between members at most: nothing is traded every day for longer.
MOST_SALES = 10_000


class Relay(Frozen):
    """The rule. ``rise`` and ``fee`` are shares of the price paid; prices are yuan a lot.

    ``first_price``: at what the platform sells the lot to the first holder; ``worth``: what it is
    worth to whoever keeps it.
    """

    rise: float = Field(gt=0, le=1)
    fee: float = Field(ge=0, le=1)
    first_price: float = Field(gt=0, le=1e9)
    worth: float = Field(ge=0, le=1e9)

    @model_validator(mode="after")
    def _leaves_a_gain(self) -> Relay:
        if self.fee > self.rise:
            raise ValueError("fee: at most the rise")
        if self.worth > self.first_price:
            raise ValueError("worth: at most the first price")
        return self

    @property
    def gain(self) -> float:
        """What a holder who sells has left, as a share of the price paid."""
        return self.rise - self.fee


class Ended(NamedTuple):
    """A lot after its last sale, yuan: loss = first_sale + fees + gains, exactly.

    sales: between members. price: what the last holder paid. first_sale: what the first price was
    above the worth. fees: of all sales. gains: of all earlier holders together. loss: of the last
    holder, who keeps what is worth ``Relay.worth``.
    """

    sales: int
    price: float
    first_sale: float
    fees: float
    gains: float
    loss: float


def price_after(relay: Relay, sales: int) -> float:
    """What a lot costs its holder after so many sales between members, yuan."""
    return relay.first_price + risen(relay, sales)


def risen(relay: Relay, sales: int) -> float:
    """By how much the price has risen since the first: P_0 ((1 + rise)^sales - 1), yuan."""
    if not 0 <= sales <= MOST_SALES:
        raise ValueError(f"sales: {sales} is not allowed; allowed: 0 to {MOST_SALES}")
    return relay.first_price * expm1(sales * log1p(relay.rise))


def ended(relay: Relay, *, sales: int) -> Ended:
    """Who has what when nobody buys any more, after so many sales between members."""
    above = risen(relay, sales)
    fees = above * (relay.fee / relay.rise)
    first_sale = relay.first_price - relay.worth
    return Ended(
        sales=sales,
        price=relay.first_price + above,
        first_sale=first_sale,
        fees=fees,
        gains=above - fees,
        loss=first_sale + above,
    )


def doubling(relay: Relay) -> float:
    """Sales until the price has doubled, ln 2 / ln(1 + rise)."""
    return log(2) / log1p(relay.rise)


def sales_eaten(relay: Relay) -> float:
    """So many sales of lots of one price gain what one such lot costs: 1 / gain.

    Raises ValueError where no holder gains anything.
    """
    if relay.gain <= 0:
        raise ValueError("gain: a rule without one pays nobody")
    return 1 / relay.gain


class RelayFile(Frozen):
    """The numbers of one rule, each with its source, in the form of a preset's."""

    id: str
    revision: int = Field(ge=1)
    date: str
    name: Text
    summary: Text
    value: tuple[Value, ...]

    @model_validator(mode="after")
    def _from_somewhere(self) -> RelayFile:
        for item in self.value:
            if item.source not in sources():
                raise ValueError(f"unknown source {item.source!r}")
            if item.quality != "stated" and item.note is None:
                raise ValueError(f"{item.key}: a number that is not stated needs a note")
        return self

    @property
    def reference(self) -> str:
        """What a page names it by: ``id@revision``."""
        return f"{self.id}@{self.revision}"

    @property
    def relay(self) -> Relay:
        """The rule with these numbers."""
        return Relay.model_validate(
            {item.key.removeprefix("relay."): item.value for item in self.value}
        )

    def origin(self, key: str) -> Value | None:
        """The entry that gives ``key``, if there is one."""
        return next((item for item in self.value if item.key == key), None)


@lru_cache(maxsize=1)
def consign_relay() -> RelayFile:
    """The rule of ``presets/lessons.toml``."""
    document = tomllib.loads((PRESETS / "lessons.toml").read_text(encoding="utf-8"))
    return RelayFile.model_validate(document)
