"""The sheet for journalists: every figure in it is the model's, and can be worked out again."""

from __future__ import annotations

import csv
import io
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout

import plotly.graph_objects as go
import pytest

from model import __main__ as command_line
from model import load, presets, simulate
from model.figures import covered, figures
from model.library import preset
from model.preset import Preset
from model.preset_file import read
from model.scheme import named_parameters
from tests.turns import in_turn
from view.pages import ROOT
from view.parts import context, share
from view.pictures import charts
from view.press import press_data, press_sheet
from view.press.press_sheet import Sheet
from view.press.press_sums import evaluated, number_of
from view.sentences import findings
from view.settings.state import value_of, written
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
SHORT = 60


def changed(name: str) -> dict[str, object]:
    """A reader's numbers for any preset: a short run, a share of the first mechanism, a pace."""
    scheme = load(name)
    found: dict[str, object] = {"horizon": SHORT, "demand.orders_per_tick": 37.0}
    if scheme.points_pool is not None:
        found["points_pool.fee"] = 0.15
    return found


def sheet(name: str, lang: str = "en", changes: dict[str, object] | None = None) -> Sheet:
    return press_sheet.of_scheme(preset(name), changes or {}, Words(lang, strict=True))


def agreed(text: str) -> None:
    """A line of arithmetic, worked out by Python from what it shows."""
    left, sign, right = re.split(" ([=≈]) ", text)
    plain = re.sub(r"([\d,.]+)%", r"(\1/100)", left).replace("¥", "").replace(",", "")
    worked = eval(plain.replace("×", "*").replace("÷", "/").replace("−", "-"), {})
    shown = number_of(right)
    assert shown is not None, text
    decimals = len(right.rstrip("%").partition(".")[2]) + 2 * right.endswith("%")
    if sign == "=":
        assert worked == pytest.approx(shown, rel=1e-9), text
    else:
        # Each number shown has been rounded: to its own last digit, or to three digits.
        assert worked == pytest.approx(shown, rel=0.05, abs=10**-decimals), text


@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_every_part_is_there(name, lang):
    made = sheet(name, lang)
    found = preset(name)
    result = simulate(found.scheme())
    w = Words(lang, strict=True)
    assert w.text(found.summary.en, found.summary.zh) == made.claim
    assert made.about == f"{name}@{found.revision}"
    assert made.date == found.date
    # The assumption is in the sentence, and every figure in it is one of the run's.
    assert findings.conditions(result.scheme, w) in made.conclusion
    values = figures(result)
    assert made.quoted
    for key, text in made.quoted.items():
        assert text == press_sheet.SHOWN[key](values[key], lang)
        assert text in made.conclusion
    assert len(made.arithmetic) == press_sheet.LINES
    for each in made.arithmetic:
        agreed(each.text)
    assert 3 <= len(made.not_shown) <= 5
    assert 3 <= len(made.questions) <= press_sheet.MOST_QUESTIONS
    assert len(set(made.questions)) == len(made.questions)
    assert made.changed == ""
    assert {p.name for p in made.pictures} == set(press_sheet.PICTURES)
    for picture in made.pictures:
        layout = picture.figure(charts.Look(w=w, printed=True)).to_dict()["layout"]
        assert made.about in layout["title"]["text"]
        assert layout["paper_bgcolor"] == "#FFFFFF"
    if preset(name).kind == "sound":
        assert made.origin == w("press.origin.example")
    else:
        known = {source.title.en for source in press_sheet.sources().values()}
        assert lang != "en" or any(made.origin.startswith(title) for title in known)
    assert not re.search(r"https?:|www\.", made.origin + made.claim)


def test_contradictions_and_what_is_not_stated_become_questions():
    made = sheet("wine-points")
    said = " ".join(made.questions)
    against = [fact.text.en for fact in preset("wine-points").fact if fact.contradiction]
    assert against[0] in said
    note = next(v.note for v in preset("wine-points").value if v.key.endswith("exit_multiple"))
    assert note is not None
    assert note.en in said
    # What the reader has set is no longer the company's to state.
    mine = sheet("wine-points", changes={"points_pool.exit_multiple": 3.0})
    assert note.en not in " ".join(mine.questions)


def test_what_the_reader_has_changed_is_said():
    made = sheet("wine-points", changes={"points_pool.fee": 0.2, "horizon": 30})
    assert "20%" in made.changed
    assert "30" in made.changed
    w = Words("en", strict=True)
    many = {
        key: value_of(written(preset("green-points").scheme().get(key)))
        for key in list(press_sheet.named_parameters(preset("green-points").parts))[:20]
    }
    told = press_sheet.of_scheme(preset("green-points"), many, w).changed
    assert w("press.changed.more", n="12") in told
    unsure = press_sheet.of_scheme(
        preset("wine-points"), {}, w, unsure=["points_pool.fee", "", "no.such"]
    )
    assert w.label("points_pool.fee") in unsure.changed


@pytest.mark.parametrize(
    "changes",
    [
        {"tick": "order", "horizon": 300},
        {"demand.kind": "list", "demand.orders": [0]},
        {"points_pool.exit_multiple": None},
        {"points_pool.share": 0.001},
        {"points_pool.exit_multiple": None, "behaviour.sell_share": 0.02},
        {"behaviour.sell_share": 0.5},
        {"demand.kind": "growing", "demand.growth": 0.05},
        {"order.spend": 0.01},
        {"order.spend": 1e7, "demand.orders_per_tick": 1e6},
        {"points_pool.redeem_share": 0.3, "demand.stop_tick": 5},
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_any_numbers_make_a_sheet(changes, lang):
    made = sheet("wine-points", lang, {"horizon": 40, **changes})
    assert len(made.conclusion) < 800
    for each in made.arithmetic:
        agreed(each.text)
    for key, text in made.quoted.items():
        assert text in made.conclusion, key


@pytest.mark.parametrize("lang", LANGS)
def test_what_an_order_pays_for_itself_comes_out_sound(lang):
    w = Words(lang, strict=True)
    changes = {
        "scheduled_release.share": 0.02,
        "scheduled_release.gift_multiple": 0.02,
        "scheduled_release.daily_rate": 1.0,
        "horizon": 30,
    }
    own = press_sheet.of_scheme(preset("own:scheduled_release"), changes, w)
    values = figures(simulate(preset("own:scheduled_release").scheme(changes)))
    assert covered(values)
    shown = {key: own.quoted[key] for key in ("spend", "reaches", "most")}
    assert own.conclusion.startswith(w("press.rule.covered", **shown))
    # Nobody is counted as short of what was never promised.
    for key in ("even", "left", "spent", "waiting"):
        assert key not in own.quoted
    assert own.pictures[0].name == "funding"
    assert own.questions == tuple(map(w, press_sheet._ALWAYS["covered"]))
    # One more yuan promised than an order brings, and it is another sentence.
    changes["scheduled_release.gift_multiple"] = 0.021
    short = press_sheet.of_scheme(preset("own:scheduled_release"), changes, w)
    assert short.conclusion.startswith(
        w("press.rule.most", **{key: short.quoted[key] for key in shown})
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a_case_that_has_ended_leaves_questions_open(lang):
    w = Words(lang, strict=True)
    case = preset("green-points").model_copy(update={"kind": "real_case"})
    made = press_sheet.of_scheme(case, {}, w)
    assert made.open_
    assert made.questions[:3] == tuple(map(w, press_sheet._ALWAYS["case"]))
    assert made.not_shown[0] == w("press.not.case")


@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_every_assumed_number_is_named(name, lang):
    w = Words(lang, strict=True)
    chosen = preset(name)
    known = named_parameters(chosen.parts)
    assumed = [i.key for i in chosen.value if i.quality == "assumed" and i.key in known]
    shown = "\n".join(press_sheet.of_scheme(chosen, {}, w).not_shown)
    for key in assumed:
        if key not in press_sheet._OWN_LINE:
            assert press_sheet.label(chosen, key, w) in shown
    # What the reader has set is no assumption of ours.
    own = [key for key in assumed if key not in press_sheet._OWN_LINE]
    scheme = chosen.scheme()
    for key in own[:1]:
        rest = press_sheet._assumed(chosen, {key: scheme.get(key)}, scheme, w)
        assert len(rest) == len(press_sheet._assumed(chosen, {}, scheme, w)) - 1


def test_a_claim_brings_its_own_sentence():
    w = Words("en", strict=True)
    scheme = sheet("wine-points")
    told = press_sheet.Told(
        subject="A claim",
        claim="It only rises.",
        source="pitch-wine",
        conclusion="Under these rules it does.",
        arithmetic=tuple(press_sheet.Sum(f"1 + {k} = {k + 1}", "why") for k in range(6)),
        not_shown=("This.",),
        questions=("Really?",),
    )
    made = press_sheet.of_told(scheme, told, w)
    assert made.conclusion == told.conclusion
    assert made.arithmetic == told.arithmetic[: press_sheet.LINES]
    assert made.not_shown[0] == "This."
    assert made.questions[0] == "Really?"
    assert made.pictures == scheme.pictures
    assert made.printed == scheme.printed
    assert press_sheet.sources()["pitch-wine"].title.en in made.origin
    with pytest.raises(KeyError):
        press_sheet.of_told(scheme, press_sheet.replace(told, source="nobody"), w)


def test_an_equals_sign_means_equal():
    assert evaluated(["¥100", "×", "30%"], "¥30") == "¥100 × 30% = ¥30"
    assert evaluated(["¥180", "÷", "¥35"], "5.1") == "¥180 ÷ ¥35 ≈ 5.1"
    assert evaluated(["¥2,000", "−", "¥800", "−", "¥400"], "¥800").endswith("= ¥800")
    assert evaluated(["¥100", "+", "¥10", "×", "3"], "¥130").endswith("= ¥130")
    assert "≈" in evaluated(["1.5 × 10²⁰", "÷", "3"], "5 × 10¹⁹")


# -- The same digits again ------------------------------------------------------------------------


def run(arguments: list[str], folder: object = ROOT) -> str:
    done = subprocess.run(
        arguments, cwd=str(folder), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def said_by(run_here: Callable[[], object]) -> str:
    """What is printed by something run here: a process of its own costs a second to start."""
    with redirect_stdout(io.StringIO()) as out:
        run_here()
    return out.getvalue()


def digits_of(printed: str, made: Sheet) -> None:
    """What a command printed, rounded as people say it, is what the sentence says."""
    values = {name: float(value) for name, value in map(str.split, printed.splitlines())}
    for key, text in made.quoted.items():
        assert press_sheet.SHOWN[key](values[key], made.lang) == text
        assert text in made.conclusion


@pytest.mark.parametrize("name", presets())
def test_both_commands_give_the_digits_of_the_sentence(name):
    made = sheet(name, "en", changed(name))
    python, *rest = shlex.split(made.command)
    assert python == ".venv/bin/python"
    if name == presets()[0]:
        by_command = run([sys.executable, *rest])
    else:
        assert rest[:2] == ["-m", "model"]
        by_command = said_by(lambda: command_line.main(rest[2:]))
    assert by_command == said_by(lambda: exec(made.python, {})) == made.printed
    digits_of(by_command, made)


def test_a_long_scheme_is_run_from_its_file(tmp_path):
    orders = [float(k % 7) for k in range(900)]
    changes = {"demand.kind": "list", "demand.orders": orders, "horizon": 50}
    made = sheet("wine-points", "en", changes)
    assert len(made.command) < press_sheet.MOST_COMMAND
    (tmp_path / press_sheet.SETTINGS_FILE).write_text(press_data.settings_file(made), "utf-8")
    _, *rest = shlex.split(made.command)
    rest = [str(tmp_path / each) if each.endswith(".toml") else each for each in rest]
    assert run([sys.executable, *rest]) == made.printed


def test_an_own_scheme_can_be_run_again():
    own = preset("own:points_pool+commission")
    changes = {"points_pool.share": 0.2, "commission.direct": 0.05, "horizon": 20}
    made = press_sheet.of_scheme(own, changes, Words("en", strict=True))
    _, *rest = shlex.split(made.command)
    assert run([sys.executable, *rest]) == made.printed
    assert made.claim == Words("en")("press.claim.own")


# -- What is taken along --------------------------------------------------------------------------

LINK = "https://who.example/money?scheme=wine-points@1&for=press"


def zipped(chosen: Preset, changes: dict[str, object], lang: str) -> dict[str, bytes]:
    sheets = [press_sheet.of_scheme(chosen, changes, Words(lang, strict=True))]
    if lang != "en":
        sheets.append(press_sheet.of_scheme(chosen, changes, Words("en", strict=True)))
    series = share.csv(simulate(sheets[0].scheme), ["what it is"])
    made = press_data.packed(sheets, links=[LINK] * len(sheets), series=series)
    again = press_data.packed(sheets, links=[LINK] * len(sheets), series=series)
    assert made == again
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_the_zip_holds_what_it_says(name, lang, tmp_path):
    changes = changed(name)
    files = zipped(preset(name), changes, lang)
    scheme = preset(name).scheme(changes)
    # The settings are the same scheme, by file and by the name README gives.
    path = tmp_path / "settings.toml"
    path.write_bytes(files["settings.toml"])
    assert load(str(path)) == scheme
    assert read(files["settings.toml"]).scheme() == scheme
    assert tomllib.loads(files["settings.toml"].decode())["id"] == name
    text = files["README.md"].decode()
    made = sheet(name, lang, changes)
    english = sheet(name, "en", changes)
    for wanted in (made.conclusion, english.conclusion, made.about, LINK, made.command):
        assert wanted in text
    assert findings.conditions(scheme, Words(lang)) in text
    assert set(re.findall(r"[\w-]+\.(?:csv|toml)", text)) == set(files) - {"README.md"}
    # One row a day, with units in the names of the columns.
    rows = list(csv.reader(io.StringIO(files["series.csv"].decode("utf-8-sig"))))
    rows = [row for row in rows if not row[0].startswith("#")]
    assert len(rows) == SHORT + 1
    assert all(re.search(r"\(.+\)$", column) for column in rows[0])
    series = simulate(scheme).series
    assert [float(row[1]) for row in rows[1:]] == series["orders"].tolist()
    for at, picture in enumerate(made.pictures, 1):
        data = files[f"chart-{at}-{picture.name}.csv"].decode("utf-8-sig")
        points = list(csv.reader(io.StringIO(data)))
        drawn = picture.figure(charts.Look(w=Words(lang))).data
        expected = sum(max(len(trace.x or []), len(trace.y or [])) for trace in map(_plain, drawn))
        assert len(points) == expected + 1


class _plain:  # noqa: N801
    """A trace with lists in place of arrays, which have no truth of their own."""

    def __init__(self, trace: object) -> None:
        self.x, self.y = (press_data._list(getattr(trace, axis)) for axis in "xy")


def test_the_citation_is_that_of_the_project():
    known = press_data.fields()
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert all(value.split(",")[0] in text for value in known.values())
    made = press_data.citation(sheet("wine-points"), LINK, Words("en", strict=True))
    for wanted in (known["title"], known["version"], "wine-points@1", LINK):
        assert wanted in made
    assert preset("wine-points").date in made


def test_no_word_of_a_chart_s_file_is_a_formula():
    figure = go.Figure(go.Bar(x=["=1+1", "-2"], y=[-1.5, 2], name="@x"))
    figure.update_layout(xaxis_title="+a", yaxis_title="b")
    lines = press_data.figure_csv(figure).splitlines()
    assert lines == ["trace,'+a,b,value", "'@x,'=1+1,-1.5,", "'@x,'-2,2,"]
