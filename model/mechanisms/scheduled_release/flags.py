"""Red flags of a daily release."""

from __future__ import annotations

from model.asked.flags import Flags, Reason, of_package
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.scheme import Scheme


class ScheduledReleaseFlags(Flags[ScheduledRelease]):
    """A credit is paid bit by bit, on terms that may be raised, and faster for who recruits."""

    def raised(
        self,
        mechanism: ScheduledRelease,
        scheme: Scheme,
        package: int,  # noqa: ARG002
    ) -> dict[str, Reason]:
        """See :class:`Flags`."""
        found: dict[str, Reason] = {"instalments": ("instalments.release", {})}
        platform = scheme.platform
        names = {"raise_fee": "terms_raised.fee", "raise_minimum": "terms_raised.minimum"}
        if platform.raised_minimum is not None and platform.raised_minimum > platform.minimum:
            found["terms_raised"] = (
                "terms_raised.from",
                {
                    "low": ("yuan", platform.minimum),
                    "high": ("yuan", platform.raised_minimum),
                },
            )
        elif platform.policy in names:
            found["terms_raised"] = (names[platform.policy], {})
        part = max(mechanism.first_generation, mechanism.second_generation)
        if part > 0 or mechanism.stars:
            found["recruits"] = ("recruits.release", {})
        return found

    def multiple(self, mechanism: ScheduledRelease, package: int) -> float:
        """See :class:`Flags`."""
        return of_package(mechanism.package_multiples, package, mechanism.gift_multiple)
