"""``python -m tests.model.adverts [-v]``: how well each half is read; -v says what went wrong."""

from __future__ import annotations

import sys

from tests.model.adverts.score import halves, scored


def main() -> None:
    for name, adverts in halves().items():
        score = scored(adverts)
        print(f"{name}: {score.adverts} adverts, {score.stated} stated numbers")
        print(f"  found        {score.recall_found:.3f}  ({score.found})")
        print(f"  precision    {score.precision:.3f}  ({score.role_right} of {score.with_role})")
        print(f"  recall       {score.recall:.3f}  ({score.right})")
        print(f"  wrong pills  {score.wrong_pills:.3f}")
        print(f"  family       {score.families:.3f}  (right {score.family_right})")
        print(f"  false pools  {score.false_pools}")
        print(f"  contacts     {score.contacts}")
        if "-v" in sys.argv:
            print(*(f"  wrong  {text}" for text in score.wrong), sep="\n")
            print(*(f"  missed {text}" for text in score.missed), sep="\n")


if __name__ == "__main__":
    main()
