"""The log-ratio of gamma functions that a tick of orders multiplies the supply by."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from math import exp, lgamma

import pytest

from model.loggamma import log_rising
from tests.model.reference import DIGITS, decimal, log_gamma


def ratio(x: float, gift: float) -> Decimal:
    """Oracle: ln gamma(x + gift) - ln gamma(x), in many digits."""
    with localcontext(Context(prec=DIGITS)):
        return log_gamma(decimal(x) + decimal(gift)) - log_gamma(decimal(x))


def test_oracle_itself() -> None:
    # gamma(1) = gamma(2) = 1, gamma(5) = 24, gamma(1/2) = sqrt(pi)
    assert abs(log_gamma(Decimal(1))) < Decimal("1e-40")
    assert abs(log_gamma(Decimal(2))) < Decimal("1e-40")
    pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
    with localcontext(Context(prec=DIGITS)):
        assert abs(log_gamma(Decimal("0.5")) - pi.ln() / 2) < Decimal("1e-40")
        assert abs(log_gamma(Decimal(5)) - Decimal(24).ln()) < Decimal("1e-40")
    assert float(log_gamma(Decimal("123.25"))) == pytest.approx(lgamma(123.25), rel=1e-14)


@pytest.mark.parametrize("gift", [0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 1.0])
@pytest.mark.parametrize(
    "x", [0.01, 0.3, 1.0, 2.0, 7.5, 15.9, 15.999999, 16.0, 16.1, 40.0, 1e3, 1e6, 1e10, 1e15, 1e19]
)
def test_agrees_with_many_digits(x: float, gift: float) -> None:
    wanted = float(ratio(x, gift))
    assert log_rising(gift)(x) == pytest.approx(wanted, rel=1e-12, abs=3e-14)


@pytest.mark.parametrize("gift", [0.1, 0.7, 1.0])
def test_one_order_multiplies_the_supply_by_one_plus_gift_over_the_pool(gift: float) -> None:
    phi = log_rising(gift)
    for contributions in (0.5, 1.0, 3.0, 15.5, 16.5, 200.0, 1e5):
        # S -> S (1 + g / A): exp(phi(A + 1) - phi(A)) = (A + g) / A
        step = exp(phi(contributions + 1) - phi(contributions))
        assert step == pytest.approx(1 + gift / contributions, rel=1e-12)


def test_no_jump_where_the_series_takes_over() -> None:
    for gift in (0.05, 0.3, 0.7, 0.99):
        phi = log_rising(gift)
        below, above = phi(16 - 1e-9), phi(16 + 1e-9)
        assert abs(above - below) < 1e-9
