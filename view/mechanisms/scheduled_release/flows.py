"""What a scheduled release owes each day, and what comes in for it. No Streamlit here."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from model.arrays import Floats
from model.result import Result
from view.settings.runs import played


def due_and_income(result: Result) -> dict[str, Floats]:
    """Yuan a tick: ``due`` by the rule, ``income`` of the pool, and ``ads`` of it by advertisers.

    Due is before the fee on withdrawals: raising that fee is one way of paying less.
    """
    engine = result.engines.release
    if engine is None:
        none = np.zeros(result.ticks)
        return {"due": none, "income": none, "ads": none}
    log = {name: np.array(engine.log[name]) for name in ("paid", "fee", "factor", "ads")}
    if engine.wallet is None:
        gross = log["paid"] + log["fee"]
        due = np.divide(gross, log["factor"], out=np.zeros_like(gross), where=log["factor"] > 0)
    else:
        due = _released(result)
    income = engine.settings.share * result.line.sales + log["ads"]
    return {"due": due, "income": income, "ads": log["ads"]}


#: What the rule released on each tick of a run with a smallest withdrawal.
_RELEASED: WeakKeyDictionary[Result, Floats] = WeakKeyDictionary()


def _released(result: Result) -> Floats:
    """What the rule released on each tick, whether or not it could be withdrawn, yuan.

    The same as in a run in which everything is paid at once: into a wallet all of it goes.
    """
    if result not in _RELEASED:
        scheme = result.scheme
        rich = {"capital": 1e18, "minimum": 0.0, "raised_minimum": None, "policy": "cut"}
        platform = scheme.platform.model_copy(update=rich)
        run = played(scheme.model_copy(update={"platform": platform}))
        engine = run.engines.release
        due = np.zeros(result.ticks)
        if engine is not None:
            due = np.array(engine.log["paid"]) + np.array(engine.log["fee"])
        if result.broken is not None and scheme.platform.policy == "stop":
            due[result.broken.tick :] = 0.0
        _RELEASED[result] = due
    return _RELEASED[result]
