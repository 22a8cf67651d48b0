"""Mangled addresses, files, moves and widget values: a part of what `benchmarks.fuzz` tries."""

from __future__ import annotations

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks import fuzz
from benchmarks.reader import NoReaderError, Reader
from benchmarks.servers import serving, with_uvicorn
from tests.apart import apart
from view.money import rules_file
from view.parts import context
from view.serving import refuse

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(3)

assert context  # registers the parameters' English words
#: Another one than the command's, so that both together try more.
SEED = 2026


def in_order(found: fuzz.Found) -> None:
    assert found.broken == []
    assert max(found.cpu) <= fuzz.MOST_CPU, found.slowest


def test_mangled_addresses_are_parsed_and_painted():
    in_order(fuzz.try_addresses(80, SEED))


def test_random_files_are_refused_with_a_sentence():
    in_order(fuzz.try_files(300, SEED, page=rules_file.opened))


def test_mangled_moves_are_answered_or_refused_with_a_sentence():
    in_order(fuzz.try_moves(150, SEED))


def test_addresses_and_widget_values_leave_the_server_whole():
    """Over HTTP and the socket, as anybody can send them."""
    with serving(*with_uvicorn("app:app")) as server:
        in_order(fuzz.requested(server.url, 20, SEED, server.cpu))
        in_order(fuzz.posted(server.url, 30, SEED, server.cpu))
        in_order(apart(fuzz.visited(server.url, 12, SEED, server.cpu)))
        in_order(apart(fuzz.disturb(server.url, 64, SEED, server.cpu)))

        async def no_message() -> None:
            # Bytes that are no message at all, and then a reader like any other.
            reader = Reader(server.url, "/money", "lang=en")
            await reader.open()
            await reader.raw(b"\xff\x00nonsense")
            with pytest.raises(Exception, match=r"1002|protocol"):
                await reader.answer(timeout=20)
            await reader.close()
            run = await reader.open()
            assert not run.errors
            await reader.close()

        apart(no_message())
        log = server.said()
    refused = [part for part in fuzz.failures(log) if "DecodeError" not in part]
    assert refused == []
    # Who came from where is written nowhere.
    assert "127.0.0.1:" not in log.replace(f"running on {server.url}", "")


def upload(name: str) -> WidgetState:
    sent = WidgetState()
    sent.file_uploader_state_value.uploaded_file_info.add(name=name, file_id="x", size=2)
    return sent


@pytest.mark.parametrize(
    ("sent", "form", "taken"),
    [
        (upload("rules.TOML"), "file_uploader_state_value", True),
        (upload("rules.exe"), "file_uploader_state_value", False),
        (WidgetState(double_value=1.5), "double_value", True),
        (WidgetState(), "double_value", True),
        (WidgetState(double_value=float("nan")), "double_value", False),
        (WidgetState(string_value="x"), "double_value", False),
        (WidgetState(string_value="x" * 20_001), "string_value", False),
        (WidgetState(trigger_value=True), "bool_value", False),
        (WidgetState(json_trigger_value='[{"event": "move"}]'), "json_trigger_value", True),
        (WidgetState(json_trigger_value="[" * 9000), "json_trigger_value", False),
        (WidgetState(json_trigger_value="1" * 9000), "json_trigger_value", False),
        (WidgetState(json_value="no json"), "json_value", False),
    ],
)
def test_what_counts_as_sent(sent, form, taken):
    assert refuse.acceptable(sent, form) is taken


@pytest.mark.parametrize(
    ("id_", "known"),
    [
        ("$$ID-0123-money|points_pool.share", True),
        ("$$STREAMLIT_INTERNAL_KEY_$$ID-0123-wp-live__events", True),
        ("$$STREAMLIT_INTERNAL_KEY_SCRIPT_RUN_WITHOUT_ERRORS", False),
        ("$$STREAMLIT_INTERNAL_KEY_money:settings__events", False),
        ("$$STREAMLIT_INTERNAL_KEY_$$ID-0123-wp-live__events__events", False),
        ("money:settings", False),
    ],
)
def test_whose_value_counts_as_sent(id_, known):
    assert refuse.is_ours(id_) is known


def test_only_this_computer_is_measured():
    for server in ("http://example.org", "10.0.0.1:80", "http://127.0.0.1.example.org"):
        with pytest.raises(NoReaderError):
            Reader(server)


def test_a_box_of_whole_numbers_sends_whole_numbers():
    """To the server it is a box of numbers like any other."""
    assert refuse.acceptable(WidgetState(id="x", int_value=5), "double_value")
    assert not refuse.acceptable(WidgetState(id="x", double_value=5.5), "int_value")
    assert not refuse.acceptable(WidgetState(id="x", string_value="5"), "double_value")
