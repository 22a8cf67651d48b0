"""The points pool without exits in radCAD, timed by itself; started by ``benchmarks.model``.

Runs in an environment of its own. The first line on standard input is the setting (JSON), each
further line asks for one timed run, and an empty one for the last table and the end. The day's
update is the model's own exact one (model/loggamma.py), so that both sides do the same sums.
"""

from __future__ import annotations

import json
import runpy
import sys
from math import expm1
from pathlib import Path
from time import perf_counter

import pandas as pd
from radcad import Engine, Model, Simulation
from radcad.backends import Backend

ROOT = Path(__file__).resolve().parent.parent
SETTING = json.loads(sys.stdin.readline())
CONTRIBUTION = SETTING["share"] * SETTING["spend"]
GIFT = SETTING["gift"]
LAUNCH = SETTING["launch_price"]
GROWTH = runpy.run_path(str(ROOT / "model" / "loggamma.py"))["log_growth"](GIFT)
START = {"pool": 0.0, "points": 0.0, "price": LAUNCH}


def orders_of_the_day(params, _substep, _history, state):
    """What the day's orders add to the pool and to the points in circulation."""
    n = params["orders"][state["timestep"]]
    a = state["pool"] / CONTRIBUTION
    supply = state["points"]
    first = 0.0
    if not supply:  # the first order ever is credited at the launch price
        first = supply = GIFT * CONTRIBUTION / LAUNCH
        a += 1.0
        n -= 1
    issued = first + supply * expm1(GROWTH(a, n))
    return {"paid": (n + bool(first)) * CONTRIBUTION, "issued": issued}


def pool(_params, _substep, _history, state, signals):
    return "pool", state["pool"] + signals["paid"]


def points(_params, _substep, _history, state, signals):
    return "points", state["points"] + signals["issued"]


def price(_params, _substep, _history, state, signals):
    left = state["pool"] + signals["paid"]
    return "price", left / (state["points"] + signals["issued"])


#: As its documentation teaches: a policy, and one update for every variable.
USUAL = [
    {
        "policies": {"orders": orders_of_the_day},
        "variables": {"pool": pool, "points": points, "price": price},
    }
]


def lean_pool(params, _substep, _history, state, _signals):
    return "pool", state["pool"] + params["orders"][state["timestep"]] * CONTRIBUTION


def lean_points(params, substep, history, state, _signals):
    signals = orders_of_the_day(params, substep, history, state)
    return "points", state["points"] + signals["issued"]


#: The least it can be made to do: no policy, the price worked out afterwards.
LEAN = [{"policies": {}, "variables": {"pool": lean_pool, "points": lean_points}}]


def simulation(*, lean: bool) -> Simulation:
    start = {key: START[key] for key in ("pool", "points")} if lean else START
    model = Model(
        initial_state=start,
        state_update_blocks=LEAN if lean else USUAL,
        params={"orders": [tuple(SETTING["orders"])]},
    )
    made = Simulation(model=model, timesteps=len(SETTING["orders"]), runs=1)
    # One process, nothing copied that need not be, no record of substeps: its faster settings.
    made.engine = Engine(backend=Backend.SINGLE_PROCESS, deepcopy=False, drop_substeps=True)
    return made


def main() -> None:
    table = pd.DataFrame()
    for line in sys.stdin:
        if not line.strip():
            break
        answer = {}
        for name in ("usual", "lean"):
            made = simulation(lean=name == "lean")
            start = perf_counter()
            rows = made.run()
            run = perf_counter()
            frame = pd.DataFrame(rows)
            answer[name] = {
                "run": run - start,
                "table": perf_counter() - start,
            }
            table = frame if name == "usual" else table
        print(json.dumps(answer), flush=True)
    table = table[table["timestep"] > 0]
    print(json.dumps({name: table[name].tolist() for name in START}), flush=True)


if __name__ == "__main__":
    main()
