"""Random settings: any values that a scheme may have together."""

from __future__ import annotations

from math import inf, nextafter
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from model.demand import Demand
from model.fields import Parameter
from model.library import preset
from model.mechanisms.dividend_pool.settings import RANKS
from model.platform import Platform
from model.preset import SchemeError
from model.scheme import KINDS, Order, Scheme, named_parameters, scheme_parameters

PARAMETERS = scheme_parameters()
MODELS: dict[str, type[BaseModel]] = {
    "": Scheme,
    "order.": Order,
    "demand.": Demand,
    "platform.": Platform,
    **{f"{kind}.": model for kind, model in KINDS.items()},
}
#: The choices of each parameter that has some.
CHOICES: dict[str, tuple[str, ...]] = {
    f"{prefix}{name}": get_args(info.annotation)
    for prefix, model in MODELS.items()
    for name, info in model.model_fields.items()
    if get_origin(info.annotation) is Literal and f"{prefix}{name}" in PARAMETERS
}


def pairs(
    first: st.SearchStrategy[float], second: st.SearchStrategy[float], *, most: int = 6
) -> st.SearchStrategy[list[list[float]]]:
    """Pairs that rise in both numbers."""
    return st.lists(st.tuples(first, second), max_size=most, unique_by=lambda pair: pair[0]).map(
        lambda found: [
            [a, b]
            for a, b in zip(
                sorted(pair[0] for pair in found), sorted(pair[1] for pair in found), strict=True
            )
        ]
    )


def few(low: float, high: float) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(low, high), max_size=4)


def packages() -> st.SearchStrategy[list[list[float]]]:
    """Prices and shares that add up to one."""
    return st.lists(st.tuples(st.floats(0.001, 10_000), st.integers(1, 20)), max_size=4).map(
        lambda found: [[price, part / sum(p for _, p in found)] for price, part in found]
    )


LISTS = {
    "order.packages": packages(),
    "demand.orders": st.lists(st.just(0) | st.floats(0, 1e9) | st.integers(0, 10**9), max_size=20),
    "points_pool.outside": st.lists(
        st.tuples(st.integers(1, 10_000), st.just(0.0) | st.floats(0.01, 1e13)).map(list),
        max_size=10,
    ),
    "dividend_pool.package_units": few(0, 1e6),
    "dividend_pool.package_quotas": few(0, 1e6),
    "dividend_pool.package_generations": few(0, 20),
    "dividend_pool.levels": pairs(st.floats(0, 1e9), st.floats(0, 1e9)),
    "dividend_pool.rank_reached": st.lists(st.floats(0, 1), min_size=RANKS, max_size=RANKS).map(
        lambda shares: sorted(shares, reverse=True)
    ),
    "scheduled_release.package_multiples": few(0.01, 100),
    "scheduled_release.stars": pairs(st.floats(0, 1e12), st.floats(0, 1)),
    "scheduled_release.rewards": pairs(st.floats(0, 1e12), st.floats(0, 1e12)),
}


def value(parameter: Parameter, *, kind: str = "") -> st.SearchStrategy[Any]:
    """Any allowed value of one parameter, of a mechanism of ``kind`` if that is not its name."""
    key = f"{kind}.{parameter.key.rpartition('.')[2]}" if kind else parameter.key
    if key in CHOICES:
        return st.sampled_from(CHOICES[key])
    if key in LISTS:
        return LISTS[key]
    low, high = parameter.minimum, parameter.maximum
    assert low is not None, key
    assert high is not None, key
    if parameter.unit in {"ticks", "count"} and isinstance(parameter.default, int | None):
        # Where a box ends as often as anywhere between.
        number: st.SearchStrategy[Any] = st.integers(int(low), int(high)) | st.sampled_from(
            [int(low), int(high)]
        )
    else:
        low = nextafter(low, inf) if parameter.exclusive_minimum else low
        high = nextafter(high, -inf) if parameter.exclusive_maximum else high
        number = st.floats(low, high) | st.sampled_from([low, high])
    return number | st.none() if parameter.optional else number


@st.composite
def changes(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Some parameters of a preset with values that are allowed together, in any order."""
    chosen = preset(name)
    kinds = {called: kind for kind, called in chosen.parts}
    known = named_parameters(chosen.parts)
    found: dict[str, Any] = {}
    for key in draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=12)):
        wanted = draw(value(known[key], kind=kinds.get(key.partition(".")[0], "")))
        try:
            chosen.scheme({**found, key: wanted})
        except SchemeError:
            continue  # shares of more than the price, a list of another length, ...
        found[key] = wanted
    return {key: found[key] for key in draw(st.permutations(list(found)))}


@st.composite
def schemes(draw: st.DrawFn, names: list[str]) -> tuple[str, dict[str, Any]]:
    """A preset's name and changes of it."""
    name = draw(st.sampled_from(names))
    return name, draw(changes(name))
