"""What members of a recruitment tree are paid in commissions."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats
from model.asked.tree import Members, Trees
from model.mechanisms.commission.settings import Commission
from model.recruitment import generation_sums
from model.result import Result


class CommissionTree(Trees[Commission]):
    """Those of recruiters; what shops, agents and leaders get goes to nobody in the tree."""

    def matters(self, commission: Commission) -> bool:
        """See :meth:`Trees.matters`."""
        return commission.direct > 0 or commission.indirect > 0

    def paid(self, commission: Commission, members: Members) -> dict[str, Floats]:
        """To the recruiter and the recruiter's, the part of it that could be paid."""
        engine = members.result.engines.commission
        if engine is None or not commission.direct + commission.indirect:
            return {}
        spent = members.paid * np.array(engine.paid)[members.cohort]
        sums = generation_sums(members.tree, spent, generations=2)
        return {"commission": commission.direct * sums[0] + commission.indirect * sums[1]}

    def beside(self, commission: Commission, result: Result) -> float:  # noqa: ARG002
        """See :meth:`Trees.beside`."""
        engine = result.engines.commission
        if engine is None:
            return 0.0
        # The first two kinds are those of recruiters.
        return float((engine.due[:2].sum(axis=0) * np.array(engine.paid)).sum())
