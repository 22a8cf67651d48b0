"""What a queue for refunds says of a run. No Streamlit here."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.arrays import Floats
from model.figures import by_turn, refunded_part
from model.mechanisms.refund_queue import RefundQueue
from model.result import Result
from model.standing import without_claim
from view.sentences import findings
from view.sentences.said import Said
from view.words.format import count, count_short, days, percent, yuan, yuan_short
from view.words.words import Words

#: The pace of a queue is what it was over the last so many days.
PACE: Final = 30


class QueueSaid(Said):
    """A queue: how many had their turn, how many wait, and how long that takes."""

    def word(self, mechanism: RefundQueue) -> str:
        return "queue"

    def share(self, mechanism: RefundQueue, w: Words) -> list[str]:
        return [w("assume.share", share=percent(mechanism.share, w.lang))]

    def counted(self, result: Result) -> dict[str, float] | None:
        totals, queue = result.totals, result.engines.queue
        if queue is None:
            return None
        nothing = float(without_claim(result).sum())
        parts = {"left": totals["left"], "nothing": nothing, "waiting": totals["holders"]}
        if by_turn(result):
            parts |= {"left": queue.turned, "waiting": queue.in_line}
        parts["gone"] = totals["buyers"] - sum(parts.values())
        return parts

    def part_paid(self, result: Result) -> Floats | None:
        engine = result.engines.queue
        return None if engine is None else np.array(engine.log["factor"])

    def finding(self, result: Result, w: Words) -> str:
        scheme, totals, lang = result.scheme, result.totals, w.lang
        queue = findings.the(scheme, RefundQueue)
        spend = scheme.order.mean_spend
        if spend < queue.threshold:
            return w(
                "finding.queue.too_small",
                spend=yuan(spend, lang),
                least=yuan(queue.threshold, lang),
                buyers=count_short(totals["buyers"], lang),
            )
        parts, (length, a_day), paid = findings.counted(result), pace(result), refunded_part(result)
        waiting = parts["waiting"]
        in_part = by_turn(result)
        said = [
            w(
                "finding.queue.part" if in_part else "finding.queue",
                time=findings.time(result, w),
                left=count_short(parts["left"], lang),
                buyers=count_short(totals["buyers"], lang),
                refund=yuan(queue.refund * spend, lang),
                waiting=count_short(waiting, lang),
                **({"part": percent(paid, lang)} if in_part else {}),
            )
        ]
        if parts["gone"]:
            said.append(w("finding.queue.gone", gone=count_short(parts["gone"], lang)))
        engine = result.engines.queue
        refunded = engine.turned * paid if in_part and engine is not None else totals["left"]
        others = totals["received"] - refunded * queue.refund * spend
        if others > 0.01 * totals["received"]:
            said.append(w("finding.queue.parts", amount=yuan_short(others, lang)))
        stopped = result.broken is not None and scheme.platform.policy == "stop"
        if waiting and not stopped:
            if a_day > 0:
                wait = days(max(round(waiting / a_day), 1), lang)
                said.append(w("finding.queue.wait", days=count(length, lang), wait=wait))
            else:
                said.append(w("finding.queue.still", days=count(length, lang)))
        if totals["pool"] >= 1:
            said.append(w("finding.queue.pool", pool=yuan_short(totals["pool"], lang)))
        return findings.headed(w, *said, findings.broke(result, w))


def pace(result: Result) -> tuple[int, float]:
    """(days looked at, orders a day refunded, or whose turn came) at the end of the run."""
    length, engine = min(PACE, result.ticks), result.engines.queue
    orders = result.records[0].exits
    if engine is not None and by_turn(result):
        orders = np.array(engine.log["turn"])
    return length, float(orders[-length:].sum()) / length
