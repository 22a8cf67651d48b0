"""What a unit of a dividend pool is paid. No Streamlit here."""

from __future__ import annotations

from functools import lru_cache

from model.claims import parts
from model.mechanisms.dividend_pool import DividendPool
from model.scheme import Scheme


@lru_cache(maxsize=64)
def unit_paid(scheme: Scheme, name: str) -> tuple[float, float, float]:
    """Yuan a unit is paid at the first and second payment and a year on, sales as on day one."""
    pool = next(m for m in pools(scheme) if m.name == name)
    steady = scheme.demand.model_copy(update={"kind": "steady", "growth": 0.0, "stop_tick": None})
    first, second, year, _ = parts.unit_paid(
        scheme.model_copy(update={"demand": steady, "horizon": 1, "tick": "day"}), pool
    )
    return first, second, year


def pools(scheme: Scheme) -> list[DividendPool]:
    """The dividend pools, the main one first."""
    return [m for m in scheme.mechanisms if isinstance(m, DividendPool)]
