"""An advertisement for a class to read: what an invented firm would say of a rule. No Streamlit."""

from __future__ import annotations

from typing import Any

from model.asked.answers import answers
from model.scheme import Scheme
from view.words.format import yuan
from view.words.words import Words


class Advert:
    """Asked of every mechanism."""

    def advert(self, mechanism: Any, scheme: Scheme, w: Words) -> str:  # noqa: ARG002
        """One or two sentences with the rule's own numbers; empty: it is not what draws people."""
        return ""

    def rule(self, mechanism: Any, scheme: Scheme, w: Words) -> str:  # noqa: ARG002
        """What happens to an order by this rule, in a sentence; empty: nothing that is played."""
        return ""

    def days(self, mechanism: Any) -> int:  # noqa: ARG002
        """How many days a round of a lesson stands for, so that a few rounds show something."""
        return 1


def days(scheme: Scheme) -> int:
    """How many days a round stands for where nobody says otherwise."""
    found = answers(Advert)
    return max(1, *(found[m.kind].days(m) for m in scheme.mechanisms))


def rule(scheme: Scheme, w: Words) -> str:
    """What happens to an order, by each mechanism of a scheme."""
    found = answers(Advert)
    said = [found[m.kind].rule(m, scheme, w) for m in scheme.mechanisms]
    return " ".join(dict.fromkeys(text for text in said if text))


def advert(scheme: Scheme, w: Words) -> str:
    """What is said of a scheme: of each of its mechanisms what draws people."""
    found = answers(Advert)
    said = [found[m.kind].advert(m, scheme, w) for m in scheme.mechanisms]
    spend = yuan(scheme.order.spend, w.lang)
    return " ".join(dict.fromkeys(text for text in said if text)) or w("advert.plain", spend=spend)
