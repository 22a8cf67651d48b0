"""What an order is paid by dividends with a quota of their own or none, as the line grows."""

from __future__ import annotations

from math import inf

import numpy as np

from model.asked.course import Buyer, Course, Courses, first_reaching
from model.mechanisms.dividend_pool.settings import DividendPool
from model.mechanisms.dividend_pool.units import Units


class DividendCourse(Courses[DividendPool]):
    """Received is money x units x, up to the quota.

    For one package ln K_m = m (1 - 1/K_m) / a and ln K_1 = (1 - 1/K_m) / a; without a quota
    K = e^(m/a); with units rho for each recruit of G generations
    a / (1 + rho G) (x + rho (x^2 / 2! + ... + x^(G+1) / (G+1)!)).
    """

    def course(self, pool: DividendPool, buyer: Buyer) -> Course:
        """See :meth:`Courses.course`."""
        scheme, package = buyer.scheme, buyer.package
        given = scheme.quotas(pool)
        choices = scheme.order.choices
        quotas = np.array(given if given is not None else [inf] * len(choices))
        state = Units(scheme, pool, quotas=quotas[:, None])
        if state.none or float(state.units[package, 0]) <= 0:
            return Course(paid=lambda _: 0.0, done=None if given is None else inf)
        state.run()
        price, quota = choices[package][0], float(quotas[package])

        def paid(x: float) -> float:
            return min(state.received(x, package=package, recruits=buyer.recruits), quota) / price

        return Course(
            paid=paid, done=None if given is None else first_reaching(paid, quota / price)
        )
