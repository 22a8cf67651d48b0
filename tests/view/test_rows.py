"""Numbers typed as lines of text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from view.money import rows
from view.money.rows import UnreadableError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3000 × 1\n9000 × 30%", [(3000, 0.01), (9000, 0.3)]),
        ("3000, 50%", [(3000, 0.5)]),
        ("¥3000 ，50％", [(3000, 0.5)]),
        ("３０００；５０", [(3000, 0.5)]),
        ("5万元 10%\n\n  20万 20 ", [(50_000, 0.1), (200_000, 0.2)]),
        ("1e4: 0.5", [(10_000, 0.005)]),
        ("3000 -", [(3000, None)]),
        ("", []),
        (" \n\n", []),
    ],
)
def test_what_people_type(text, found):
    got = rows.read(text, ("number", "share"))
    assert [tuple(x if x is None else pytest.approx(x) for x in row) for row in found] == got


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("3000", 1),
        ("1, 2\n1, 2, 3", 2),
        ("1, 2\nabc", 2),
        ("1, -5", 1),
        ("1,000, 50%", 1),
        ("1 2\n\n<b>1</b> 2", 3),
        ("1 . 2", 1),
        ("\x00", 1),
        ("1 2\n" * 1001, 1001),
    ],
)
def test_what_cannot_be_read_is_named(text, line):
    with pytest.raises(UnreadableError) as raised:
        rows.read(text, ("number", "share"))
    assert raised.value.line == line


def test_some_columns_or_all():
    columns = ("number", "share", "number")
    assert rows.read("1 50%\n2 50% 3", columns, least=2) == [(1, 0.5), (2, 0.5, 3)]
    with pytest.raises(UnreadableError):
        rows.read("1", columns, least=2)


def test_one_after_another():
    assert rows.read_one("20%, 10%\n5%", "share") == [0.2, 0.1, 0.05]
    assert rows.read_one("", "share") == []
    with pytest.raises(UnreadableError):
        rows.read_one("20% x y z", "share")
    with pytest.raises(UnreadableError):
        rows.read_one("20% -", "share")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**12) | st.floats(0.001, 1e9),
            st.none() | st.integers(0, 10_000).map(lambda k: k / 10_000),
        ),
        max_size=12,
    )
)
def test_what_is_written_is_read_again(table):
    columns = ("number", "share")
    found = rows.read(rows.written(table, columns), columns)
    assert len(found) == len(table)
    for (a, b), (c, d) in zip(found, table, strict=True):
        assert a == pytest.approx(c, rel=1e-11)
        assert b == d if d is None else b == pytest.approx(d, rel=1e-11)


@given(st.text(max_size=200))
def test_any_text_is_rows_or_a_named_line(text):
    try:
        found, wrong = rows.read(text, ("number", "number")), 1
    except UnreadableError as error:
        found, wrong = [], error.line
    assert all(len(row) == 2 for row in found)
    assert 1 <= wrong <= max(len(text.splitlines()), 1)
