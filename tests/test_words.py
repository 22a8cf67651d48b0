"""Every sentence is there in every language, is used, and keeps its tone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from model.claims import CLAIMS
from model.preset import Figure
from view.kit.kit import KITS
from view.pages import ROOT
from view.parts import context
from view.words import words as module
from view.words.words import (
    LANGS,
    CatalogueError,
    Words,
    choose,
    placeholders,
    traditional,
    written,
)

assert context  # registers the parameters' English words

# Keys that code puts together from a part and an id.
DYNAMIC = (
    "alt.",
    "cases.chart.",
    "cases.head.",
    "cases.verdict.",
    "choice.",
    "claims.group.",
    "claims.input.",
    "claims.never.",
    "claims.value.",
    "claims.view.",
    *(f"claims.{id_}." for id_ in CLAIMS),  # tests/view/test_claims.py looks for what is left over
    "column.",
    "correction.",
    "demand.",
    "equation.",
    "facts.grade.",
    "figure.",
    "format.",
    "glossary.",
    "grade.",
    *(f"kit.{id_}." for id_ in KITS),  # tests/view/test_kit.py looks for what is left over
    "leaves_out.",
    "modebar.",
    "money.group.",
    "money.kind.",
    "money.view.",
    "page.",
    "param.",
    "part.",
    "place.",
    "plural.",  # test_every_plural_is_used_and_there
    "quality.",
    "role.",
    "sound.head.",
    "sound.sales.",
    "sound.why.",
    "sources.head.",
    "sources.kind.",
    "unit.",
)
# Calls whose first argument is a key.
SPEAKERS = {"w", "words", "say"}
# Judgements, and what talks down to a reader. Facts are enough.
FORBIDDEN_ENGLISH = (
    r"\bl(?:ie|ies|iar|iars|ying)\b",
    r"\blosers?\b",
    r"\bidiots?\b|\bstupid\b|\bfools?\b|\bgullible\b|\bgreedy\b",
    r"\bsimple math(?:s)?\b|\bobviously\b|\beveryone knows\b",
    r"\bscam(?:s|mer|mers|med)?\b|\bfraudsters?\b|\bswindlers?\b",
)
FORBIDDEN_CHINESE = (
    "骗子|傻|愚蠢|贪婪|韭菜|活该|谎言|撒谎|骗局|简单的数学|众所周知|显而易见|小学数学"
)


def sources() -> list[Path]:
    return [
        ROOT / "app.py",
        *sorted((ROOT / "view").rglob("*.py")),
        *sorted((ROOT / "pages").glob("*.py")),
    ]


def spoken() -> Iterator[tuple[str, str]]:
    """Every key said with a literal, and where."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            function = node.func
            if isinstance(function, ast.Call):  # words(lang)("key")
                function = function.func
            name = function.id if isinstance(function, ast.Name) else None
            first = node.args[0]
            is_key = isinstance(first, ast.Constant) and isinstance(first.value, str)
            if name in SPEAKERS and is_key and "." in first.value:
                yield first.value, f"{path.relative_to(ROOT)}:{node.lineno}"

    for path in sorted((ROOT / "view").rglob("*.html")):
        for key in re.findall(r"""w\("([^"]+\.[^"]+)"[,)]""", path.read_text("utf-8")):
            yield key, str(path.relative_to(ROOT))


def known() -> set[str]:
    return set(written("en"))


def test_english_and_chinese_have_the_same_keys():
    shared = {key for key in written("zh-Hans") if not key.startswith("param.")}
    # Chinese words are the same for one and for many.
    alone = ("param.", "plural.")
    english = {key for key in written("en") if not key.startswith(alone)}
    assert shared == english


def test_every_parameter_has_chinese_words():
    """Their English stands in the model's field metadata, and is registered from there."""
    wanted = {key for key in Words("en").keys() if key.startswith("param.")}
    assert "param.points_pool.fee.label" in wanted
    assert wanted - set(written("zh-Hans")) == set()


def test_placeholders_agree():
    for key, text in written("en").items():
        if key.startswith("plural."):
            continue
        for lang in LANGS[1:]:
            other = Words(lang, strict=True)._find(key)
            assert other is not None, (key, lang)
            assert placeholders(text) == placeholders(other), (key, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_braces_are_placeholders_and_nothing_else(lang):
    for key in Words(lang).keys():
        text = Words(lang)._find(key)
        rest = re.sub(r"\{[a-z][a-z0-9_]*(~[a-z]+)?\}", "", text)
        assert "{" not in rest, key
        assert "}" not in rest, key


# Right in traditional text, although the converter changes them where they stand alone.
IN_BOTH = frozenset("佣台")


def simplified_left(text: str) -> set[str]:
    """Characters that are simplified only.

    One by one, because converting traditional text again is not the identity: what 制 becomes
    depends on its neighbours.
    """
    return {character for character in text if traditional(character) != character} - IN_BOTH


def test_traditional_is_complete_and_traditional():
    assert Words("zh-Hant").keys() == Words("zh-Hans").keys()
    left = {key: simplified_left(Words("zh-Hant")._find(key)) for key in Words("zh-Hant").keys()}
    assert {key: found for key, found in left.items() if found} == {}
    assert simplified_left("強制出局，佣金，平台") == set()
    assert simplified_left("強制設定的单") == {"单"}


def test_overrides_override_something():
    assert set(written("zh-Hant")) <= set(written("zh-Hans"))


def test_every_plural_is_used_and_there():
    """A sentence that bends a word finds its forms, and no forms lie about."""
    bent = {
        word
        for key, text in written("en").items()
        for _, word in re.findall(r"\{([a-z0-9_]+)~([a-z]+)\}", text)
    }
    assert {key for key in written("en") if key.startswith("plural.")} == {
        f"plural.{word}" for word in bent
    }


@pytest.mark.parametrize(
    ("n", "said"), [("1", "1 day"), ("0", "0 days"), ("1.2", "1.2 days"), ("21", "21 days")]
)
def test_a_word_goes_by_its_number(n, said):
    assert Words("en", strict=True)("format.days", n=n) == said
    assert Words("zh-Hans", strict=True)("format.days", n=n) == f"{n} 天"


def test_a_word_without_forms_is_an_error(monkeypatch):
    monkeypatch.setitem(module._english, "test.bent", "{n} {n~goose}")
    with pytest.raises(KeyError, match="no en plural for goose"):
        Words("en", strict=True)("test.bent", n=2)


COUNTED = (
    "days|months|years|orders|buyers|people|points|units|holders|tasks|customers|shops|members|"
    "packages|levels|claims|figures|numbers|pages|texts|times|recruits|accounts|layers|newcomers"
)


def test_no_noun_stands_after_a_number_unbent():
    """Never "1 days" or "1 orders": in English a counted noun goes by its number."""
    for key in Words("en").keys():
        text = Words("en")._find(key)
        # Odds are said of all: "1 in 9 buyers". Between the two stands an adjective at most.
        number = r"\{(?!one_in\}|high\})[a-z0-9_]+\}"
        between = "(?:(?!(?:the|for|of|that|and|has) )[a-z]+ )?"
        found = re.search(rf"{number} {between}(?:{COUNTED})\b", text)
        how = "write {n} {n~order}; the forms stand in plurals.po"
        assert found is None or key in UNBENT, (key, found and found[0], how)


#: Never of one: the number is always larger, or says how often and not how many.
UNBENT = frozenset(
    {
        "claims.a-shop-earns-every-month.reason.too_few",  # a thousand locked customers
        "claims.everyone-gets-it-all-back.claim",
        "claims.it-rose-five-times.claim",
        "claims.nearly-everybody-shops-for-nothing.fact",  # of a hundred
        "claims.the-fee-is-good-for-holders.fact",  # two at least
        "field.scale",  # two at least
        "finding.beyond.money",  # on earth
    }
)


def test_every_key_that_is_said_exists():
    said = dict(spoken())
    assert {"finding.nobody", "compare.no_end", "whose.need.release"} <= said.keys()
    assert [f"{where}: {key}" for key, where in said.items() if key not in known()] == []


def test_every_key_is_said():
    said = {key for key, _ in spoken()}
    # A key may also be chosen first and said later: any literal that is one counts.
    literals = {
        node.value
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    stale = {key for key in known() - said - literals if not key.startswith(DYNAMIC)}
    assert stale == set()


@pytest.mark.parametrize("lang", LANGS)
def test_whatever_a_pitch_publishes_has_a_name(lang):
    for what in get_args(Figure.model_fields["what"].annotation):
        assert Words(lang)._find(f"figure.{what}"), what


def test_words_that_judge_are_found():
    """Each pattern finds what it is for, in the middle of a sentence."""
    judging = (
        "They lied: all liars.", "Losers pay.", "You fool.", "Obviously.", "A scam, no swindler."
    )  # fmt: skip
    for pattern, said in zip(FORBIDDEN_ENGLISH, judging, strict=True):
        assert re.search(pattern, said, re.IGNORECASE), pattern
    for word in FORBIDDEN_CHINESE.split("|"):
        assert re.search(FORBIDDEN_CHINESE, f"这是{word}。")


@pytest.mark.parametrize("lang", LANGS)
def test_tone(lang):
    traditional_forbidden = traditional(FORBIDDEN_CHINESE)
    for key in Words(lang).keys():
        text = Words(lang)._find(key)
        for pattern in (*FORBIDDEN_ENGLISH, FORBIDDEN_CHINESE, traditional_forbidden):
            found = re.search(pattern, text, re.IGNORECASE)
            assert found is None, f"{key} ({lang}): {found and found[0]}"


@pytest.mark.parametrize(
    ("query", "header", "lang"),
    [
        (None, None, "en"),
        (None, "", "en"),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        (None, "zh-HK", "zh-Hant"),
        (None, "zh-Hant", "zh-Hant"),
        (None, "zh-Hans-HK", "zh-Hans"),
        (None, "zh", "zh-Hans"),
        (None, "zh-SG", "zh-Hans"),
        (None, "fr;q=0.9, zh-CN;q=0.5", "zh-Hans"),
        (None, "en;q=0.3, zh-CN;q=0.5", "zh-Hans"),
        (None, "zh;q=0, en", "en"),
        (None, "*;q=x, ;;;,", "en"),
        ("zh-Hans", "en", "zh-Hans"),
        ("tlh", "zh-TW", "zh-Hant"),
        ("ZH-HANS", "en", "en"),
    ],
)
def test_choose(query, header, lang):
    assert choose(query, header) == lang


def test_strict_words_refuse_what_is_wrong():
    w = Words("en", strict=True)
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        w("no.such.key")
    with pytest.raises(KeyError, match="wants"):
        w("format.one_in")
    with pytest.raises(KeyError, match="wants"):
        w("format.one_in", k=1, more=2)


def test_lenient_words_say_something(caplog):
    w = Words("en", strict=False)
    assert w("no.such.key") == "no.such.key"
    assert w("format.one_in") == "1 in {k}"
    assert len(caplog.records) == 2


def test_a_value_is_never_read_as_a_sentence():
    assert Words("en")("format.one_in", k="{k.__class__}") == "1 in {k.__class__}"


def test_registered_english_may_not_clash(monkeypatch):
    monkeypatch.setattr(module, "_english", {})
    module.register_english({"param.test.only.label": "Only a test"})
    assert Words("en").label("test.only") == "Only a test"
    assert Words("en").help("test.only") == ""
    with pytest.raises(CatalogueError, match=r"app\.name"):
        module.register_english({"app.name": "Another name"})


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"a.po": 'msgid "x.y"\nmsgstr "1"\n\nmsgid "x.y"\nmsgstr "2"\n'}, "twice"),
        ({"a.po": 'msgid "x.y"\nmsgstr "1"\n', "b.po": 'msgid "x.y"\nmsgstr "2"\n'}, "twice"),
        ({"a.po": 'msgid "x.y"\nmsgstr ""\n'}, "says nothing"),
    ],
)
def test_a_catalogue_that_cannot_be_trusted(monkeypatch, tmp_path, files, problem):
    folder = tmp_path / "room" / "locale" / "en"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.setattr(module, "ROOMS", tmp_path)
    with pytest.raises(CatalogueError, match=problem):
        written.__wrapped__("en")
