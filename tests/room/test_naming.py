"""Codes, keys and names."""

from __future__ import annotations

from itertools import product

import pytest

from view.room import naming
from view.room.fold import MOST_SEATS
from view.words.words import LANGS


def test_a_code_is_five_signs_that_nobody_mistakes():
    assert not set(naming.ALPHABET) & set("B8O0QDG6I1LJ5SZ2UV") - {"D"}
    for _ in range(50):
        code = naming.new_code()
        assert naming.code_of(code) == code
        assert len(code) == 5


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("acdef", "ACDEF"),
        (" ACD-EF ", "ACDEF"),
        ("a c d e f", "ACDEF"),
        ("ACDE", None),
        ("ACDEFH", None),
        ("ACDE0", None),
        ("", None),
        ("ＡＣＤＥＦ", None),
        ("../..", None),
        ("A" * 10_000, None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    assert naming.code_of(typed) == code


def test_no_two_seats_are_ever_called_the_same_in_any_language():
    for salt, lang in product(("a", "b", "c"), LANGS):
        names = [
            naming.name(salt, seat, spins, lang)
            for seat in range(1, MOST_SEATS + 1)
            for spins in range(naming.SPINS + 1)
        ]
        assert len(set(names)) == len(names)


def test_the_spoken_number_finds_its_seat_and_no_other():
    numbers = [naming.spoken("salt", seat) for seat in range(1, MOST_SEATS + 1)]
    for seat, number in enumerate(numbers, 1):
        assert naming.seat_of("salt", number, MOST_SEATS) == seat
        assert naming.seat_of("salt", f" {number[:2]} {number[2:]} ", MOST_SEATS) == seat
        wrong = str(int(number) + 1)
        assert naming.seat_of("salt", wrong, MOST_SEATS) != seat
    assert naming.seat_of("salt", numbers[-1], 5) is None
    for text in ("", "1", "12", "x" * 50, "-1482", "１２３４", "9" * 9):
        assert naming.seat_of("salt", text, MOST_SEATS) is None
    other = [naming.spoken("other", seat) for seat in range(1, MOST_SEATS + 1)]
    assert other != numbers


def test_a_key_opens_what_was_kept_of_it_and_nothing_else():
    one, other = naming.new_key(), naming.new_key()
    assert naming.is_key(one)
    assert naming.opens(one, naming.digest(one))
    assert not naming.opens(other, naming.digest(one))
    assert one not in naming.digest(one)
    for text in ("", "short", "x" * 65, "with space padded", "ü" * 20):
        assert not naming.is_key(text)
