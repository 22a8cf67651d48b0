"""The log-ratio of gamma functions that one order, or a million of them, multiplies the supply by."""

from __future__ import annotations

from collections.abc import Callable
from math import lgamma, log

#: Below this the library's log-gamma is exact enough; above it the series is (theory.md, 1).
_SERIES_FROM = 16.0


def log_rising(gift: float) -> Callable[[float], float]:
    """Return phi with phi(x) = ln gamma(x + gift) - ln gamma(x), for x > 0.

    N orders on a pool of A contributions multiply the points in circulation by
    exp(phi(A + N) - phi(A)). For large x the difference of two large log-gammas would lose digits;
    the asymptotic series in w = x + (gift - 1) / 2 keeps them: only even powers of 1 / w occur,
    with Bernoulli polynomials at (1 + gift) / 2 as coefficients (Tricomi and Erdelyi 1951).
    """
    t = (1.0 + gift) / 2.0
    half = (gift - 1.0) / 2.0
    # B_k(t) for odd k, divided by k (k - 1) / 2
    c3 = -2.0 * (t**3 - 1.5 * t**2 + 0.5 * t) / (3 * 2)
    c5 = -2.0 * (t**5 - 2.5 * t**4 + 5 / 3 * t**3 - t / 6) / (5 * 4)
    c7 = -2.0 * (t**7 - 3.5 * t**6 + 3.5 * t**5 - 7 / 6 * t**3 + t / 6) / (7 * 6)
    c9 = (
        -2.0 * (t**9 - 4.5 * t**8 + 6 * t**7 - 4.2 * t**5 + 2 * t**3 - 0.3 * t) / (9 * 8)
    )

    def phi(x: float) -> float:
        if x < _SERIES_FROM:
            return lgamma(x + gift) - lgamma(x)
        w = x + half
        i = 1.0 / (w * w)
        return gift * log(w) + i * (c3 + i * (c5 + i * (c7 + i * c9)))

    return phi
