"""The log-ratio of gamma functions by which one order, or a million, multiplies the supply."""

from __future__ import annotations

from collections.abc import Callable
from math import lgamma, log, log1p

import numpy as np

from model.arrays import Floats

#: Below this the library's log-gamma is exact enough; above it the series is (docs/model.md).
_SERIES_FROM = 16.0


def _coefficients(gift: float) -> tuple[float, float, float, float]:
    """Of 1/w^2, 1/w^4, ...: -B_k(t) / (k (k - 1) / 2) for odd k from 3, t = (1 + gift) / 2."""
    t = (1.0 + gift) / 2.0
    return (
        -2.0 * (t**3 - 1.5 * t**2 + 0.5 * t) / (3 * 2),
        -2.0 * (t**5 - 2.5 * t**4 + 5 / 3 * t**3 - t / 6) / (5 * 4),
        -2.0 * (t**7 - 3.5 * t**6 + 3.5 * t**5 - 7 / 6 * t**3 + t / 6) / (7 * 6),
        -2.0 * (t**9 - 4.5 * t**8 + 6 * t**7 - 4.2 * t**5 + 2 * t**3 - 0.3 * t) / (9 * 8),
    )


def log_rising(gift: float) -> Callable[[float], float]:
    """Return phi with phi(x) = ln gamma(x + gift) - ln gamma(x), for x > 0.

    N orders on a pool of A contributions multiply the points in circulation by
    exp(phi(A + N) - phi(A)). For large x the difference of two large log-gammas would lose digits;
    the asymptotic series in w = x + (gift - 1) / 2 keeps them: only even powers of 1 / w occur,
    with Bernoulli polynomials at (1 + gift) / 2 as coefficients (Tricomi and Erdelyi 1951).
    """
    half = (gift - 1.0) / 2.0
    c3, c5, c7, c9 = _coefficients(gift)

    def phi(x: float) -> float:
        if x < _SERIES_FROM:
            return lgamma(x + gift) - lgamma(x)
        w = x + half
        i = 1.0 / (w * w)
        return gift * log(w) + i * (c3 + i * (c5 + i * (c7 + i * c9)))

    return phi


def log_growth(gift: float) -> Callable[[float, float], float]:
    """Return the function (x, n) -> phi(x + n) - phi(x), to full precision also for small n / x.

    A few orders beside a billion: the difference of two values of phi would keep no digits of it.
    """
    half = (gift - 1.0) / 2.0
    c3, c5, c7, c9 = _coefficients(gift)
    phi = log_rising(gift)

    def growth(x: float, n: float) -> float:
        if x < _SERIES_FROM:
            return phi(x + n) - phi(x)
        w = x + half
        i = 1.0 / (w * w)
        before = i * (c3 + i * (c5 + i * (c7 + i * c9)))
        i = 1.0 / ((w + n) * (w + n))
        return gift * log1p(n / w) + (i * (c3 + i * (c5 + i * (c7 + i * c9))) - before)

    return growth


def log_growths(gift: float, x: Floats, n: Floats) -> Floats:
    """The same for arrays of ``x`` and ``n``, shape (k,): many ticks at once."""
    half = (gift - 1.0) / 2.0
    c3, c5, c7, c9 = _coefficients(gift)

    def tail(w: Floats) -> Floats:
        i = 1.0 / (w * w)
        return i * (c3 + i * (c5 + i * (c7 + i * c9)))

    w = x + half
    found: Floats = gift * np.log1p(n / w) + (tail(w + n) - tail(w))
    small = np.flatnonzero(x < _SERIES_FROM)
    if len(small):
        growth = log_growth(gift)
        found[small] = [growth(float(x[k]), float(n[k])) for k in small]
    return found
