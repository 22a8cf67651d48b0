"""What is installed is named to the byte: lock files that fit what is asked for."""

from __future__ import annotations

import importlib.util
import re
import sys
from fnmatch import fnmatch
from types import ModuleType

import pytest

from view.pages import ROOT

PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([\w.+!-]+)", re.MULTILINE)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return {plain(package): version for package, version in PIN.findall(text)}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", ".ci/tools"])
def test_a_lock_has_what_is_asked_for_and_hashes_for_all_of_it(name):
    asked, locked = pins(f"{name}.txt"), pins(f"{name}.lock")
    assert asked
    assert asked.items() <= locked.items()
    text = (ROOT / f"{name}.lock").read_text("utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked)
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:60]


def test_tests_run_on_what_is_served():
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize(
    "path",
    [
        ".git",
        ".venv",
        ".venv-audit",
        ".streamlit/secrets.toml",
        ".env",
        "deploy/.env.local",
        "a.key",
    ],
)
def test_no_environment_and_no_secret_goes_into_a_container(path):
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert any(
        fnmatch(path, rule) or fnmatch(f"/{path}", rule.replace("**", "*")) for rule in rules
    )


# -- The audit: only a clean answer is good -------------------------------------------------


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    sys.path.insert(0, str(ROOT / ".ci"))
    try:
        spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


def known(name: str, version: str, *holes: str) -> dict[str, object]:
    return {
        "name": name,
        "version": version,
        "vulns": [{"id": hole, "fix_versions": ["9.9"]} for hole in holes],
    }


def run(audit: ModuleType, monkeypatch: pytest.MonkeyPatch, answer: object, *flags: str) -> int:
    def asked(_wanted: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(audit, "installed", lambda: {"a-b": "1.0", "c": "2.0"})
    monkeypatch.setattr(audit, "asked", asked)
    monkeypatch.setattr(sys, "argv", ["audit.py", *flags])
    return int(audit.main())


def test_an_audit_passes_a_clean_answer_alone(audit, monkeypatch, capsys):
    clean = [known("A_b", "1.0"), known("c", "2.0")]
    assert run(audit, monkeypatch, {"dependencies": clean}) == 0
    unknown = {"name": "c", "version": "2.0", "skip_reason": "not found"}
    for answer in (
        {"dependencies": [known("a-b", "1.0", "CVE-1"), clean[1]]},
        {"dependencies": clean[:1]},
        {"dependencies": [clean[0], unknown]},
        {"dependencies": [clean[0], known("c", "2.1")]},
        {"dependencies": []},
        {"something": "else"},
        [],
        ValueError("no JSON"),
    ):
        assert run(audit, monkeypatch, answer) == 1, answer
    capsys.readouterr()
    nobody = {"dependencies": [{**unknown, "name": name} for name in ("a-b", "c")]}
    for answer in (audit.NobodyError("no network"), nobody):
        assert run(audit, monkeypatch, answer) == 0
        assert "NOBODY COULD BE ASKED" in capsys.readouterr().out
        assert run(audit, monkeypatch, answer, "--must") == 1
