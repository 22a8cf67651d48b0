"""When holders of points sell of their own accord."""

from __future__ import annotations

from model.fields import Frozen, param

#: Ticks over which the price's growth is judged (the pitches’ story of the cycle).
PANIC_WINDOW = 30


class Behaviour(Frozen):
    """Voluntary selling. The defaults are: nobody sells before the rule makes them."""

    sell_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=0.5,
        step=0.001,
        slider=(0.0, 0.05),
        label="Holders who sell each day",
        help="The share of all holders who give up waiting and sell on any one day.",
    )
    take_profit: float | None = param(
        None,
        unit="multiple",
        ge=0.001,
        le=100,
        step=0.1,
        label="Sell once the points are worth",
        help="Holders sell as soon as their points are worth this many times what they spent.",
    )
    take_profit_share: float = param(
        1.0,
        unit="share",
        ge=0.001,
        le=1,
        step=0.05,
        label="Share of holders who sell then",
        help="The share of holders who sell at that value; the others wait.",
    )
    panic_growth: float | None = param(
        None,
        unit="share",
        ge=-1,
        le=10,
        step=0.01,
        label="Sell when 30-day growth falls under",
        help="When the price has grown by less than this over 30 days, disappointed holders sell.",
    )
    panic_share: float = param(
        0.05,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.5),
        label="Share who sell on such a day",
        help="The share of holders who sell on each such day.",
    )

    @property
    def sells(self) -> bool:
        """Whether anybody ever sells voluntarily under these settings."""
        panics = self.panic_growth is not None and self.panic_share > 0
        return self.sell_share > 0 or self.take_profit is not None or panics
