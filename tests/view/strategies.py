"""Random settings: any value a parameter may have."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from model.demand import Demand
from model.fields import Parameter
from model.scheme import Recipient, Scheme, scheme_parameters

PARAMETERS = scheme_parameters()
#: The choices of each parameter that has some.
CHOICES: dict[str, tuple[str, ...]] = {
    "tick": get_args(Scheme.model_fields["tick"].annotation),
    "demand.kind": get_args(Demand.model_fields["kind"].annotation),
    "order.rest": get_args(Recipient),
}
LISTS = {
    "demand.orders": st.lists(st.floats(0, 1e9) | st.integers(0, 10**9), max_size=20),
    "points_pool.outside": st.lists(
        st.tuples(st.integers(1, 10_000), st.just(0.0) | st.floats(0.01, 1e13)).map(list),
        max_size=10,
    ),
}


def value(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Any allowed value of one parameter."""
    if parameter.key in CHOICES:
        return st.sampled_from(CHOICES[parameter.key])
    if parameter.key in LISTS:
        return LISTS[parameter.key]
    low, high = parameter.minimum, parameter.maximum
    assert low is not None, parameter.key
    assert high is not None, parameter.key
    if parameter.unit in {"ticks", "count"}:
        number: st.SearchStrategy[Any] = st.integers(int(low), int(high))
    else:
        number = st.floats(
            low,
            high,
            exclude_min=parameter.exclusive_minimum,
            exclude_max=parameter.exclusive_maximum,
        )
    return number | st.none() if parameter.optional else number


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Some parameters with allowed values, in any order."""
    keys = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), unique=True, max_size=12))
    return {key: draw(value(PARAMETERS[key])) for key in keys}
