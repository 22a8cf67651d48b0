"""The territories that agents pay for. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass

from model.mechanisms.commission import Commission


@dataclass(frozen=True)
class Territory:
    """A territory that an agent pays for."""

    level: str  # district, city or province
    price: float  # yuan
    rate: float  # share of the sales in it
    sales: float  # yuan to be sold there until the price is back


def territories(commission: Commission) -> tuple[Territory, ...]:
    """The territories that are sold, smallest first, each by its own part of the sales."""
    found, below = [], 0.0
    for level, sold in (
        ("district", commission.districts),
        ("city", commission.cities),
        ("province", commission.provinces),
    ):
        if not sold:
            continue
        price = getattr(commission, f"{level}_price")
        rate = getattr(commission, level) - below
        below = getattr(commission, level)
        if price > 0 and rate > 0:
            found.append(Territory(level, price, rate, price / rate))
    return tuple(found)
