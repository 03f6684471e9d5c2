"""What can be broken, as the tool tells it."""

from pathlib import Path

import pytest

from services.contracts.faults import KINDS
from tradectl.cli.reference import FOLDER, pages
from tradectl.errors import ExitCode, TradectlError
from tradectl.fault.kinds import graded, kind_of, lacking
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox


def test_a_kind_is_found_by_its_name() -> None:
    assert kind_of("fix.gap") is KINDS["fix.gap"]


def test_a_name_that_is_none_brings_those_that_are_like_it() -> None:
    with pytest.raises(TradectlError) as caught:
        kind_of("fix.gaps")
    assert caught.value.exit_code is ExitCode.NOT_FOUND
    assert "fix.gap" in caught.value.hint


def test_the_page_of_faults_is_current() -> None:
    assert (FOLDER / "faults.md").read_text(encoding="utf-8") == pages()["faults.md"]
    assert all(f"`{name}`" in pages()["faults.md"] for name in KINDS)


def test_a_parameter_is_shown_as_it_is_typed() -> None:
    percent, offset = KINDS["fix.wrong_number"].parameters
    assert graded(percent) == "--percent 10 (%, 0.1 to 100)"
    assert graded(offset) == "--offset 2 (numbers, -100 to 100)"
    (service, _) = KINDS["service.slow"].parameters
    assert graded(service) == "--service NAME"


def test_what_a_sandbox_lacks_for_a_kind_is_said(tmp_path: Path) -> None:
    place = Sandbox("default", tmp_path)
    assert lacking(KINDS["server.kill"], place) == ""
    place.create()
    keep(place, RunSettings())
    assert lacking(KINDS["server.kill"], place) == "--backend containers"
    assert lacking(KINDS["network.drop"], place) == "--network-faults"
    assert lacking(KINDS["fix.gap"], place) == ""
    keep(place, RunSettings(backend="containers", network_faults=True))
    assert {lacking(kind, place) for kind in KINDS.values()} == {""}


def test_compose_kills_servers_but_has_no_way_to_their_ports_and_no_network_to_disturb(tmp_path: Path) -> None:
    place = Sandbox("default", tmp_path)
    place.create()
    keep(place, RunSettings(backend="compose"))
    assert {lacking(KINDS[name], place) for name in ("service.kill", "server.kill", "server.pause", "fix.gap")} == {""}
    assert lacking(KINDS["database.lock"], place) == "--backend containers"
    assert lacking(KINDS["network.drop"], place) == "--backend containers --network-faults"
