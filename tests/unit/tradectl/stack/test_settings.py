"""What the command line may ask for."""

import gzip
from pathlib import Path

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.settings import RunSettings, Wanted, anew, keep, load, moment, settle, speed
from tradectl.stack.state import Sandbox


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    return Sandbox("default", tmp_path)


def code(error: pytest.ExceptionInfo[TradectlError]) -> ExitCode:
    return error.value.exit_code


@pytest.mark.parametrize("text", ["1", "0.5", "60", "max"])
def test_a_positive_number_and_max_are_speeds(text: str) -> None:
    assert speed(text) == text


@pytest.mark.parametrize("text", ["0", "-1", "fast", "nan", "inf", ""])
def test_anything_else_is_no_speed(text: str) -> None:
    with pytest.raises(TradectlError) as caught:
        speed(text)
    assert code(caught) is ExitCode.BAD_INPUT


@pytest.mark.parametrize("text", ["yesterday", "2024-08-08", "2024-08-08T07:10:00"])
def test_a_time_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(TradectlError) as caught:
        moment(text)
    assert code(caught) is ExitCode.BAD_INPUT


def test_a_new_sandbox_takes_what_is_asked_and_defaults_for_the_rest(place: Sandbox) -> None:
    assert settle(place, Wanted(seed=7), running=False) == RunSettings(seed=7)


def test_an_existing_sandbox_keeps_its_settings(place: Sandbox) -> None:
    keep(place, RunSettings(seed=7, speed="2"))
    assert settle(place, Wanted(), running=False) == RunSettings(seed=7, speed="2")
    assert load(place).seed == 7


def test_another_seed_than_the_states_is_a_conflict(place: Sandbox) -> None:
    keep(place, RunSettings(seed=7))
    with pytest.raises(TradectlError) as caught:
        settle(place, Wanted(seed=8), running=False)
    assert code(caught) is ExitCode.CONFLICT
    assert "--seed 7" in caught.value.message


def test_the_speed_may_change_between_two_starts_but_not_by_up_while_it_runs(place: Sandbox) -> None:
    keep(place, RunSettings())
    assert settle(place, Wanted(speed="5"), running=False).speed == "5"
    with pytest.raises(TradectlError) as caught:
        settle(place, Wanted(speed="5"), running=True)
    assert code(caught) is ExitCode.CONFLICT
    assert "tradectl clock speed 5" in str(caught.value.hint)


def test_a_feed_is_kept_by_its_absolute_path(place: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "feed.gz").write_bytes(gzip.compress(b"1 {}\n"))
    monkeypatch.chdir(tmp_path)
    assert settle(place, Wanted(feed=Path("feed.gz")), running=False).feed == str(tmp_path / "feed.gz")


@pytest.mark.parametrize(
    "content", [b"", gzip.compress(b""), b"\x1f\x8bnot gzip"], ids=["empty", "nothing packed", "no gzip"]
)
def test_a_feed_that_is_empty_or_cut_off_at_its_start_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "feed").write_bytes(content)
    with pytest.raises(TradectlError) as caught:
        Wanted(feed=tmp_path / "feed").given()
    assert code(caught) is ExitCode.BAD_INPUT
    assert str(tmp_path / "feed") in caught.value.message


def test_a_feed_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TradectlError, match="cannot be read"):
        Wanted(feed=tmp_path / "nothing").given()


def test_options_name_only_what_is_set() -> None:
    assert RunSettings().options() == {"seed": "1", "speed": "1", "at_end": "agents"}


def test_a_pause_may_be_asked_for_at_any_time_and_is_told_only_where_it_is(place: Sandbox) -> None:
    keep(place, RunSettings(seed=0))
    paused = settle(place, Wanted(paused=True), running=True)
    assert paused.options() == {"seed": "0", "speed": "1", "at_end": "agents", "paused": "True"}
    assert "paused" not in settle(place, Wanted(), running=True).options()


def test_a_new_beginning_without_a_wish_is_as_it_was(place: Sandbox) -> None:
    kept = RunSettings(seed=7, speed="2", limits={"orders.max_open": "1"})
    assert anew(kept, Wanted()) == kept


def test_a_new_beginning_with_one_is_usual_in_all_else_on_the_same_parts() -> None:
    kept = RunSettings(seed=7, speed="2", backend="containers", scale={"bff": 2}, limits={"orders.max_open": "1"})
    assert anew(kept, Wanted(seed=8)) == RunSettings(seed=8, backend="containers", scale={"bff": 2})


def test_settings_of_services_are_told_to_the_parts() -> None:
    given = Wanted(limits=["orders.max_open=2", "bff.log_ins_per_minute=4"]).given()
    assert RunSettings(**given).options()["orders.max_open"] == "2"


@pytest.mark.parametrize("text", ["orders.max_open", "venue.depth=1", "=", ""])
def test_what_is_no_setting_of_a_service_is_refused(text: str) -> None:
    with pytest.raises(TradectlError) as caught:
        Wanted(limits=[text]).given()
    assert code(caught) is ExitCode.BAD_INPUT


def test_compose_has_no_simulated_network_and_says_which_backend_has_one(tmp_path: Path) -> None:
    with pytest.raises(TradectlError, match="no simulated network") as caught:
        settle(Sandbox("default", tmp_path), Wanted(backend="compose", network_faults=True), running=False)
    assert "--backend containers --network-faults" in caught.value.hint
