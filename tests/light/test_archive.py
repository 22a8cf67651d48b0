"""Results frozen for good: a chain that shows whatever was changed, and what is given today."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest
from starlette.requests import Request
from starlette.responses import Response

from deploy import archive
from docs import figures
from model.library import presets
from tests.apart import apart
from view.serving import archive as served
from view.serving import cards
from view.words.words import LANGS, Words

DAY = dt.date(2026, 1, 2)
ADDRESSES = (
    "https://pays.example/money?scheme=wine-points&points_pool.fee=0.3&lang=en",
    "http://127.0.0.1:8501/?scheme=guild-queue@1&lang=zh-Hans",
    "https://pays.example/card?page=claims&claim=price-only-rises&lang=zh-Hant",
)


def get(path: str) -> Response:
    """What the server answers for a path below the archive."""
    date, name, file = (*path.split("/", 2), "", "")[:3]
    told = {"date": date, "name": name, "file": file}
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "path_params": told}
    return apart(served.ROUTES[0].endpoint(Request(scope)))


@pytest.fixture
def folder(tmp_path):
    for address in ADDRESSES:
        archive.add(address, folder=tmp_path, day=DAY)
    return tmp_path


def test_every_entry_names_the_one_before(folder):
    found = archive.entries(folder)
    assert len(found) == 3
    assert archive.problems(folder) == []
    manifest = json.loads((found[0] / "manifest.json").read_text("utf-8"))
    assert manifest["settings"]["points_pool.fee"] == "0.3"
    assert set(manifest["files"]) == set(archive.FORMS.values())
    # Only what has rules as a script has a figure.
    assert not (found[2] / "figure.html").exists()


def test_whatever_is_changed_is_seen(folder):
    first, second, third = archive.entries(folder)
    page = second / "index.html"
    kept = page.read_bytes()
    page.write_bytes(kept + b" ")
    assert archive.problems(folder) == [f"{DAY}/{second.name}/index.html: it was changed."]
    page.write_bytes(kept)
    (first / "more.txt").write_text("x")
    assert "added or taken out" in archive.problems(folder)[0]
    (first / "more.txt").unlink()
    manifest = second / "manifest.json"
    told = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**told, "finding": "Something else."}))
    # The changed one is not what it was, and the next one names another.
    assert len(archive.problems(folder)) == 2
    for path in second.iterdir():
        path.unlink()
    second.rmdir()
    assert any(third.name in line for line in archive.problems(folder))


def test_the_project_s_own_archive_is_whole():
    assert archive.problems() == []
    assert archive.rewritten() == []


@pytest.mark.parametrize(
    "address",
    ["https://pays.example/sources", "nonsense", "https://pays.example/?scheme=nobody"],
)
def test_what_has_no_result_is_not_frozen(address, tmp_path, capsys):
    with pytest.raises(archive.ArchiveError):
        archive.add(address, folder=tmp_path)
    assert archive.main(["add", address]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_frozen_page_says_what_its_settings_give_today(folder, monkeypatch):
    monkeypatch.setattr(served, "FOLDER", folder)
    entry = archive.entries(folder)[0]
    w = Words("en", strict=True)
    page = get(f"{DAY}/{entry.name}/")
    assert page.status_code == 200
    assert w("archive.same") in page.body.decode()
    assert '"./card.png?' not in page.body.decode()
    png = get(f"{DAY}/{entry.name}/card.png")
    assert png.body == (entry / "card.png").read_bytes()
    assert "immutable" in png.headers["Cache-Control"]
    # Another model, another finding.
    told = json.loads((entry / "manifest.json").read_text("utf-8"))
    monkeypatch.setattr(
        served.json, "loads", lambda _: {**told, "finding": "As it once was."}, raising=True
    )
    finding = cards.card_of(cards.asked_of(told["settings"])).finding
    assert w("archive.other", finding=finding) in served.today(entry)


@pytest.mark.parametrize(
    "path", ["2026-01-02/000000000000/", "../../etc/passwd", "2026-01-02/..%2f../x", "x/y/z"]
)
def test_nothing_else_is_served(folder, monkeypatch, path):
    monkeypatch.setattr(served, "FOLDER", folder)
    assert get(path).status_code == 404
    entry = archive.entries(folder)[0].name
    assert get(f"{DAY}/{entry}/../../../secret").status_code == 404
    assert get(f"{DAY}/{entry}/other.txt").status_code == 404


def test_the_gallery_has_every_preset_in_every_language():
    made = figures.files()
    assert {f"{name}.{lang}.html" for name in presets() for lang in LANGS} < set(made)
    for name, body in made.items():
        assert len(gzip.compress(body, 9)) <= 30_000
        assert name == "index.html" or b"<h1" in body
    assert sum(b"whoPays(" in body for body in made.values()) >= 3 * 9
