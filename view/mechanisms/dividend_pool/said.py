"""What a dividend pool says of a run. No Streamlit here."""

from __future__ import annotations

from model.mechanisms.dividend_pool import DividendPool
from model.result import Result
from view.sentences import findings
from view.sentences.said import Said
from view.words.format import percent
from view.words.words import Words


class DividendsSaid(Said):
    """Dividends: what those were paid who came first and later."""

    without = "finding.without.dividend"

    def word(self, mechanism: DividendPool) -> str:
        return "dividend"

    def share(self, mechanism: DividendPool, w: Words) -> list[str]:
        if mechanism.rank_share <= 0:
            return []
        return [w("assume.ranks", share=percent(mechanism.rank_reached[0], w.lang))]

    def finding(self, result: Result, w: Words) -> str:
        return findings.returns(result, w)
