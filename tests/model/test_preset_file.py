"""A scheme written as a file is the same scheme again, and no file is more than a sentence."""

from __future__ import annotations

import json
import random
from typing import Any, get_args

import pytest

from model.library import own_preset, preset, presets
from model.preset import SchemeError, Text
from model.preset_file import MAX_VALUES, FileError, read, written
from model.scheme import KINDS, Scheme, scheme_parameters
from tests.calls import calls

NAME = Text(en="A name", zh="名称")
SUMMARY = Text(en='With "quotes", a \\ and\nlines', zh="“引号”\x7f")
#: Lists a random scheme may have, by the end of their key.
LISTS: dict[str, list[Any]] = {
    "packages": [(), ((1.0, 0.25), (3.5, 0.75))],
    "package_units": [()],
    "package_quotas": [()],
    "package_generations": [()],
    "package_multiples": [()],
    "levels": [(), ((0.1, 1.0), (5000.0, 2.5))],
    "rank_reached": [tuple(0.9 / (k + 1) for k in range(10))],
    "stars": [(), ((5e4, 0.1), (2e5, 1 / 3))],
    "rewards": [(), ((0.0, 2.0), (1001.0, 20.0))],
    "outside": [(), ((3, 1e6), (9, 0.01)), tuple((k + 1, k + 0.1) for k in range(200))],
    "orders": [(), (1.0, 2.5), tuple(1 / (k + 1) for k in range(500))],
}


def choices(scheme: Scheme, key: str) -> tuple[Any, ...]:
    """The words a choice may be."""
    *groups, name = key.split(".")
    holder: Any = scheme
    for group in groups:
        holder = scheme.mechanism(group) or getattr(holder, group)
    return get_args(type(holder).model_fields[name].annotation)


def random_scheme(seed: int) -> Scheme:
    """A scheme of any mechanisms with any numbers that hold together."""
    chance = random.Random(seed)
    kinds = chance.sample(list(KINDS), chance.randint(1, len(KINDS)))
    names = "+".join(f"{k}.the_{k}" if chance.random() < 0.2 else k for k in kinds)
    found = own_preset(names)
    base = found.scheme()
    changes: dict[str, Any] = {}
    for key, parameter in scheme_parameters(base).items():
        if chance.random() < 0.4:
            continue
        value: Any
        if parameter.unit == "choice":
            value = chance.choice(choices(base, key))
        elif parameter.unit == "list":
            value = chance.choice(LISTS[key.rpartition(".")[2]])
        elif parameter.optional and chance.random() < 0.3:
            value = None
        else:
            low, high = parameter.minimum or 0.0, parameter.maximum or 1.0
            if key.endswith("share"):
                high = min(high, 0.24)
            value = low + (high - low) * chance.random() ** chance.choice([1, 9])
            whole = parameter.unit in {"ticks", "count"} and parameter.default != 1.0
            value = round(value) if whole else value
        try:
            found.scheme({**changes, key: value})
        except SchemeError:
            continue
        changes[key] = value
    return found.scheme(changes)


def same_again(scheme: Scheme) -> str:
    text = written(scheme, name=NAME, summary=SUMMARY, date="2026-11-23")
    found = read(text.encode())
    assert found.scheme() == scheme
    assert found.name == NAME
    assert found.summary.en == SUMMARY.en
    return text


@pytest.mark.parametrize("id_", presets())
def test_every_preset_comes_back(id_):
    same_again(preset(id_).scheme())


def test_random_schemes_come_back():
    kinds = set()
    for seed in range(150):
        scheme = random_scheme(seed)
        kinds |= {tuple(sorted(m.kind for m in scheme.mechanisms))}
        same_again(scheme)
    assert len(kinds) > 15


def test_every_number_has_unit_source_quality_and_note():
    found = read(same_again(random_scheme(1)).encode())
    for item in found.value:
        assert item.source == "setting"
        assert item.quality == "assumed"
        assert item.note is not None
    known = {item.key for item in found.value}
    scheme = found.scheme()
    silent = {k for k in scheme_parameters(scheme) if k not in known}
    assert all(scheme.get(key) is None for key in silent)


def test_none_is_written_where_it_is_not_the_default():
    scheme = own_preset("dividend_pool").scheme({"dividend_pool.quota_multiple": None})
    assert 'value = "none"' in same_again(scheme)


def test_a_scheme_too_long_for_a_file_is_refused():
    orders = tuple(1 / (k + 3) for k in range(10_000))
    scheme = own_preset("points_pool").scheme({"demand.orders": orders})
    with pytest.raises(SchemeError, match="too long"):
        written(scheme, name=NAME, summary=SUMMARY)


# -- files that cannot be used -----------------------------------------------------------------


def good() -> str:
    return written(own_preset("points_pool+dividend_pool").scheme(), name=NAME, summary=NAME)


def with_value(key: str, value: str) -> str:
    lines = good().splitlines()
    at = lines.index(f'key = "{key}"') + 1
    lines[at] = f"value = {value}"
    return "\n".join(lines)


def line_of(text: str, wanted: str) -> int:
    return next(k for k, line in enumerate(text.splitlines(), 1) if wanted in line)


def problem(data: bytes | str) -> FileError:
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(FileError) as raised:
        read(data)
    said = str(raised.value)
    assert "\n" not in said
    assert 0 < len(said) < 1500  # an unknown key names all that are known
    return raised.value


def test_a_wrong_number_is_named_with_its_line_and_what_is_allowed():
    text = with_value("points_pool.fee", "2")
    found = problem(text)
    assert (found.what, found.key) == ("value", "points_pool.fee")
    assert found.line == line_of(text, 'key = "points_pool.fee"')
    assert found.parameter is not None
    assert (found.parameter.minimum, found.parameter.maximum) == (0, 1)


@pytest.mark.parametrize(
    "value", ["-1", "nan", "inf", "1e400", "true", "[1]", "{ a = 1 }", '"x"', "2026-01-01", '""']
)
def test_what_is_no_fee(value):
    found = problem(with_value("points_pool.fee", value))
    assert found.what == "value"
    assert found.key == "points_pool.fee"


@pytest.mark.parametrize("key", ["x" * 60, "it's", ""])
def test_an_unknown_key_is_named_whole(key):
    found = problem(good().replace('"points_pool.fee"', json.dumps(key)))
    assert (found.what, found.key) == ("unknown", key)


def test_an_unknown_key_is_named():
    text = good().replace('key = "points_pool.fee"', 'key = "points_pool.fees"')
    found = problem(text)
    assert (found.what, found.key) == ("unknown", "points_pool.fees")
    assert found.line == line_of(text, "points_pool.fees")


def test_a_number_given_twice_is_named_where_it_stands_again():
    text = good()
    entry = text[text.index("[[value]]") :].split("\n\n")[0]
    found = problem(text + "\n" + entry + "\n")
    assert found.what == "twice"
    assert found.line is not None
    assert found.line > len(text.splitlines())


def test_a_wrong_unit_is_named():
    lines = good().splitlines()
    at = lines.index('key = "points_pool.fee"')
    lines[at + 2] = 'unit = "yuan"'
    found = problem("\n".join(lines))
    assert (found.what, found.key, found.line) == ("unit", "points_pool.fee", at + 1)
    lines[at + 2] = 'unit = "furlong"'
    found = problem("\n".join(lines))
    assert (found.what, found.line) == ("field", at + 3)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "own"', 'id = "Not An Id"'),
        ("revision = 1", "revision = 0"),
        ("revision = 1", 'revision = "one"'),
        ('kind = "own"', 'kind = "best"'),
        ('kind = "dividend_pool"', 'kind = "money_tree"'),
        ('family = "points_pool"', 'family = "x"'),
        ("name = {", "nme = {"),
        ("revision = 1", "revision = 1\nextra = 3"),
    ],
)
def test_a_wrong_field_is_named(old, new):
    text = good().replace(old, new, 1)
    found = problem(text)
    assert found.what == "field"
    assert found.key


def test_a_source_nobody_knows():
    found = problem(good().replace('source = "setting"', 'source = "hearsay"', 1))
    assert (found.what, found.key) == ("field", "source")


def test_numbers_that_do_not_fit_together():
    text = with_value("points_pool.share", "0.95")
    found = problem(text)
    assert found.what == "together"
    assert "105%" in str(found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id = "a"\nid = "b"\n', 2),
        ("a = \n", 1),
        ("[[value]]\nkey = 'a'\nvalue = 1_\n", 3),
        ("x = 2026-02-31\n", None),
        ('a = """never ends', 1),
        ("\n\n<html>\n", 3),
        ("a = 1\nb = [1,\n", 2),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(text, line):
    found = problem(text)
    assert found.what == "toml"
    assert line is None or found.line == line


def test_what_is_no_text():
    assert problem(b'id = "\xff"\n').what == "text"
    found = problem(good().encode() + b"\n# \x00\n")
    assert found.what == "text"
    assert found.line == len(good().splitlines()) + 2
    assert problem(good().encode("utf-16")).what == "text"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#" * 200_001, "large"),
        ("#" * 5000, "large"),
        ("[[value]]\n" * 19_000, "large"),
        ("a = " + "[" * 1900 + "]" * 1900, "deep"),
        ("a = " + "[\n" * 90_000, "deep"),
        ("a = " + "{ a = " * 400 + "1" + "}" * 400, "deep"),
        (".".join("a" * 1900) + " = 1", "deep"),
        ("[" + ".".join("a" * 1900) + "]\n" + "b = 1", "deep"),
        ("revision = 1" + "0" * 3900, "value"),
        ("revision = 0x" + "f" * 3900, "value"),
        ("revision = 1" + "0" * 3900 + "\n" + "id = 1", "value"),
        ("\n".join(f"k{k} = {k}" for k in range(10_000)), "field"),
        ("x = [" + "1,\n" * 60_000 + "]", "field"),
        ("value = [" + "1,\n" * 390 + "]", "field"),
        ("value = 3", "field"),
        ("mechanism = [1]", "field"),
        ("", "field"),
        ("\n" * 1000, "field"),
        ("\ufeff", "field"),
    ],
)
def test_what_is_too_much_costs_little(text, what):
    assert problem(text).what == what

    def refused():
        with pytest.raises(FileError):
            read(text.encode())

    assert calls(refused) < 20 * len(text) + 1000  # in proportion to what was sent, never more


def test_a_value_that_is_a_deep_table():
    text = with_value("points_pool.fee", "{ " + ".".join("a" * 900) + " = 1 }")
    assert problem(text).what == "deep"


def test_many_mechanisms_and_values():
    assert problem(good() + "\n[[mechanism]]\nkind = 'commission'\n" * 30).what == "field"
    assert problem(good() + "\n[[value]]\nkey = 'a'\n" * MAX_VALUES).what == "large"


def test_random_bytes_are_one_sentence():
    chance = random.Random(2026)
    for _ in range(200):
        data = bytes(chance.randrange(256) for _ in range(chance.randint(1, 100)))
        problem(data)


def test_damaged_files_are_one_sentence_or_a_scheme():
    chance = random.Random(7)
    data = good().encode()
    used = 0
    for _ in range(300):
        at = chance.randrange(len(data))
        change = bytes(
            chance.choices(b'"=[]{}.,#\n0123456789e-_\\\x00\xffabc', k=chance.randint(0, 4))
        )
        damaged = data[:at] + change + data[at + chance.randint(0, 5) :]
        try:
            read(damaged).scheme()
        except FileError:
            continue
        used += 1
    assert used  # notes and comments may say anything
