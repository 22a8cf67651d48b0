"""Red flags of a dividend pool."""

from __future__ import annotations

from model.asked.flags import Flags, Reason, of_package
from model.mechanisms.dividend_pool.settings import DividendPool
from model.scheme import Scheme


class DividendPoolFlags(Flags[DividendPool]):
    """Dividends come bit by bit, may end at a quota, and may bring units for recruits."""

    def raised(self, mechanism: DividendPool, scheme: Scheme, package: int) -> dict[str, Reason]:  # noqa: ARG002
        """See :class:`Flags`."""
        found: dict[str, Reason] = {"instalments": ("instalments.dividends", {})}
        # With a shared quota it is the points that end.
        if mechanism.quota_multiple is not None and mechanism.shared_quota != "points_pool":
            times = self.multiple(mechanism, package)
            found["forced_exit"] = ("forced_exit.dividends", {"times": ("multiple", times)})
        if mechanism.referral_rate > 0:
            found["recruits"] = ("recruits.units", {"share": ("share", mechanism.referral_rate)})
        return found

    def multiple(self, mechanism: DividendPool, package: int) -> float:
        """See :class:`Flags`."""
        quota = mechanism.quota_multiple
        return 0.0 if quota is None else of_package(mechanism.package_quotas, package, quota)
