"""What a mechanism says of how its money spreads over people."""

from __future__ import annotations

from typing import Any

from model.asked.answers import answers
from model.scheme import Mechanism, Scheme
from view.words.words import Words


class People:
    """Asked of every mechanism. By itself nothing is said."""

    def share(self, mechanism: Any, w: Words) -> list[str]:
        """What of it has to be known, as parts of a sentence."""
        return []

    def ranks(self, mechanism: Any) -> bool:
        """Whether holders of a rank are paid apart from all others."""
        return False

    def how(self, mechanism: Any, scheme: Scheme, w: Words) -> list[str]:
        """How it is worked out for each person, and what is left out."""
        return []


def people_of(mechanism: Mechanism) -> People:
    """Who speaks for a mechanism."""
    return answers(People)[mechanism.kind]
