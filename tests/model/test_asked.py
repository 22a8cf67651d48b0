"""Mechanisms answer by folder, and what nobody answers has its default."""

from __future__ import annotations

from model.asked.answers import answers, kinds
from model.scheme import KINDS


def test_the_kinds_are_the_folders():
    assert set(kinds()) == set(KINDS)


def test_where_nobody_answers_the_question_does():
    class Nobody:
        """A question that no folder has a module for."""

        def most(self) -> int:
            return 7

    Nobody.__module__ = "model.asked.nobody"
    found = answers(Nobody)
    assert set(found) == set(KINDS)
    assert {one.most() for one in found.values()} == {7}
