"""A lot that passes from hand to hand, against a ledger kept sale by sale."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from model.relay import (
    Relay,
    consign_relay,
    doubling,
    ended,
    price_after,
    sales_eaten,
)


def by_hand(rise: Fraction, fee: Fraction, first: Fraction, worth: Fraction, sales: int) -> dict:
    """Every sale in turn, in exact fractions, each person with a purse."""
    purses, fees, price = [-first], Fraction(0), first
    for _ in range(sales):
        dearer = price * (1 + rise)
        purses[-1] += dearer - fee * price
        fees += fee * price
        purses.append(-dearer)
        price = dearer
    purses[-1] += worth
    return {"price": price, "fees": fees, "gains": sum(purses[:-1]), "loss": -purses[-1]}


@given(
    rise=st.fractions("1/100", "1/10", max_denominator=1000),
    part=st.fractions(0, 1, max_denominator=50),
    worth=st.fractions(0, 1, max_denominator=20),
    sales=st.integers(0, 60),
)
def test_it_is_the_ledger_kept_sale_by_sale(rise, part, worth, sales):
    first = Fraction(1000)
    told = by_hand(rise, rise * part, first, worth * first, sales)
    rule = Relay(
        rise=float(rise),
        fee=float(rise) * float(part),
        first_price=1000.0,
        worth=float(worth * first),
    )
    found = ended(rule, sales=sales)
    for name, value in told.items():
        assert getattr(found, name) == pytest.approx(float(value), rel=1e-9, abs=1e-9), name
    assert found.loss == pytest.approx(found.first_sale + found.fees + found.gains, rel=1e-12)


def test_figures_worked_by_hand():
    rule = Relay(rise=0.04, fee=0.025, first_price=1000, worth=50)
    found = ended(rule, sales=20)
    assert [round(x, 2) for x in found] == [20, 2191.12, 950.0, 744.45, 446.67, 2141.12]
    longwan = Relay(rise=0.03, fee=0.017, first_price=2000, worth=200)
    assert price_after(longwan, 42) < 7000 < price_after(longwan, 43)
    found = ended(longwan, sales=43)
    assert [round(x, 2) for x in found[3:]] == [2906.45, 2222.58, 6929.03]
    assert round(price_after(longwan, 55), 2) == 10164.30
    assert round(doubling(rule), 1) == 17.7
    assert round(sales_eaten(rule), 1) == 66.7


@pytest.mark.parametrize(
    "changes", [{"fee": 0.05}, {"worth": 1001.0}, {"rise": 0.0}, {"first_price": float("inf")}]
)
def test_what_is_no_rule_is_refused(changes):
    with pytest.raises(ValidationError):
        Relay(**{"rise": 0.04, "fee": 0.025, "first_price": 1000.0, "worth": 100.0, **changes})


def test_no_more_sales_than_anybody_makes():
    with pytest.raises(ValueError, match="sales: -1"):
        price_after(consign_relay().relay, -1)
    with pytest.raises(ValueError, match="gain"):
        sales_eaten(Relay(rise=0.04, fee=0.04, first_price=1, worth=0))


def test_every_number_of_the_file_has_a_source():
    file = consign_relay()
    assert file.reference == "consign-relay@1"
    assert {item.key for item in file.value} == {f"relay.{name}" for name in Relay.model_fields}
    rise = file.origin("relay.rise")
    assert rise is not None
    assert (rise.quality, rise.source) == ("stated", "relay-yanling")
    assert file.relay.gain == pytest.approx(0.015)
