"""What a scheduled release says of a run. No Streamlit here."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats
from model.mechanisms.scheduled_release import ScheduledRelease
from model.result import Result
from view.sentences.findings import broke, even, headed, kept, the
from view.sentences.said import Said
from view.words.format import count, percent, yuan, yuan_short
from view.words.words import Words


class ReleaseSaid(Said):
    """A release: whether what was promised for each day was paid, and by whom."""

    def word(self, mechanism: ScheduledRelease) -> str:
        return "tasks" if mechanism.rewards else "release"

    def share(self, mechanism: ScheduledRelease, w: Words) -> list[str]:
        return [w("assume.share", share=percent(mechanism.share, w.lang))]

    def part_paid(self, result: Result) -> Floats | None:
        engine = result.engines.release
        return None if engine is None else np.array(engine.log["factor"])

    def stricter(self, result: Result, w: Words, *, since: int, none: int) -> list[str]:
        platform, engine = result.scheme.platform, result.engines.release
        if engine is None:
            return []
        if platform.policy == "raise_fee" and engine.fee > platform.withdrawal_fee:
            return [w("finding.broken.raise_fee", fee=percent(engine.fee, w.lang))]
        if platform.policy == "raise_minimum":
            least = yuan_short(engine.minimum, w.lang)
            said = [w("finding.broken.raise_minimum", minimum=least)]
            if none:
                days = {"none": count(none, w.lang), "since": count(since, w.lang)}
                said.append(w("finding.broken.none", **days))
            return said
        return []

    def finding(self, result: Result, w: Words) -> str:
        if the(result.scheme, ScheduledRelease).rewards:
            ads = paid_by_advertisers(result)
            said = w("finding.tasks", ads=yuan(ads, w.lang), rest=yuan(100 - ads, w.lang))
            return headed(w, said, broke(result, w) or kept(result, w))
        if result.broken:
            return headed(w, broke(result, w), even(result, w))
        return headed(w, even(result, w), kept(result, w))


def paid_by_advertisers(result: Result) -> float:
    """Yuan of each 100 there were for rewards."""
    release = result.engines.release
    if release is None:
        return 0.0
    ads = float(sum(release.log["ads"]))
    orders = release.settings.share * float(result.line.sales.sum())
    total = ads + orders + float(sum(release.log["account"]))
    return 100 * ads / total if total else 0.0
