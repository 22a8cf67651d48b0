"""What a mechanism says of an offer before anybody does anything. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from model.asked.answers import answers
from model.scheme import Mechanism, Scheme
from view.sentences.judged import Offer
from view.words.format import yuan
from view.words.words import Words

#: A figure with its sentence.
Fact = tuple[str, str]


class Offered:
    """Asked of every mechanism. What is said by itself fits several promises together."""

    #: Whether it is paid for bringing others, on top of what buyers are paid.
    on_top = False
    #: Whether it takes a run to say more of it, so that many open numbers cost much.
    played = False
    #: Whether it is said by how much all orders so far must multiply.
    multiplies = True
    #: The setting that says what an order is promised, then those that are as large where it brings
    #: all of it in itself, and at once.
    own_order: tuple[str, ...] = ()
    #: Keys of the whole scheme's numbers that are asked for beside its own.
    beside: tuple[str, ...] = ()
    #: Keys of what is said where the rule sets no limit to what one is paid.
    no_limit = ("card.no_limit_other.text", "headline.no_limit_other")

    def promise(self, mechanism: Any) -> str:
        """What it promises, as one of the words that a reader chooses from."""
        return ""

    def speaks(self, mechanism: Any) -> str:
        """Which sentences fit where it comes on top and is spoken of alone; empty: none."""
        return ""

    def questions(self, mechanism: Any) -> Iterable[str]:
        """Names of its numbers that matter to the promise, in the order of the questions."""
        return ()

    def waited_for(self, scheme: Scheme) -> tuple[float, float] | None:
        """(multiple of the price a buyer waits for, what all orders must multiply by until then).

        None: nobody waits for others to raise a price.
        """
        return None

    # -- the card --------------------------------------------------------------------------------

    def facts(self, judged: Offer, w: Words) -> tuple[Fact, ...]:
        """The figures of the card: the most one can get, what reaches the pool, and who pays."""
        return (self._most(judged, w), self._reaches(judged, w), self.payer(judged, w))

    def _most(self, judged: Offer, w: Words) -> Fact:
        spend = yuan(judged.spend, w.lang)
        if judged.most is None:
            key, _ = self.no_limit
            return w("card.no_limit"), w(key, spend=spend)
        value = judged.most.text(lambda x: yuan(x, w.lang), w)
        if judged.most.high <= 0:
            return value, w("card.none.text", spend=spend)
        return value, self.most(judged, w, spend=spend)

    def _reaches(self, judged: Offer, w: Words) -> Fact:
        value = judged.reaches.text(lambda x: yuan(x, w.lang), w)
        return value, self.reaches(judged, w, spend=yuan(judged.spend, w.lang))

    def most(self, judged: Offer, w: Words, *, spend: str) -> str:
        """What the most is, and how it is paid."""
        return w("card.most.several", spend=spend)

    def reaches(self, judged: Offer, w: Words, *, spend: str) -> str:
        """What of the price goes where buyers are paid from."""
        return w("card.reaches.several", spend=spend)

    def payer(self, judged: Offer, w: Words) -> Fact:
        """Who pays."""
        return w("card.payer.several"), w("card.payer.several.text")

    # -- the page's finding ----------------------------------------------------------------------

    def headline(self, judged: Offer, w: Words) -> str:
        """The finding in a few plain sentences."""
        spend = yuan(judged.spend, w.lang)
        reaches = judged.reaches.text(lambda x: yuan(x, w.lang), w)
        if judged.most is None:
            _, key = self.no_limit
            return w(key, spend=spend, reaches=reaches)
        if judged.most.high <= 0:
            return w("headline.none", spend=spend, reaches=reaches)
        most = judged.most.text(lambda x: yuan(x, w.lang), w)
        return self.promised(judged, w, spend=spend, reaches=reaches, most=most)

    def promised(self, judged: Offer, w: Words, *, spend: str, reaches: str, most: str) -> str:
        """The finding where there is a most that one can be paid."""
        return w("headline.several", spend=spend, reaches=reaches, most=most)

    # -- what it takes ---------------------------------------------------------------------------

    def alone(
        self, judged: Offer, w: Words, *, before: int | None, per_day: int | None
    ) -> Iterator[str] | None:
        """All that follows where it is spoken of alone; None: what follows from any promise."""
        return None

    def takes(self, judged: Offer, w: Words, *, before: int | None) -> Iterable[str]:
        """What its own rule adds to what follows from any promise."""
        return ()


def offered(mechanism: Mechanism) -> Offered:
    """Who speaks for a mechanism."""
    return answers(Offered)[mechanism.kind]
