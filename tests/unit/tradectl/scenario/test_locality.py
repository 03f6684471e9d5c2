"""What cannot be done against a BFF elsewhere, and what can where its mails are shown."""

from pathlib import Path

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.scenario.load import Loaded, load
from tradectl.scenario.locality import check_remote, local
from tradectl.scenario.suite import Suite, Wish
from tradectl.scenario.target import elsewhere

KNOWN = "actors: {ann: {email: a@example.com, password: '${env.HOME}'}}\n"
FRESH = "actors: {ann: {}}\n"


def loaded(folder: Path, text: str, steps: str = "[{login: {}}]") -> Loaded:
    file = folder / "some.yaml"
    file.write_text(f"scenario: Something that should be so.\n{text}steps: {steps}\n", encoding="utf-8")
    return load(file)


def reasons(one: Loaded, *, mail: bool = False, parts: bool = False) -> list[str]:
    return [each.said for each in local(one, mail=mail, parts=parts)]


def test_where_all_parts_are_named_a_held_run_is_one_audits_and_digests_are_read(tmp_path: Path) -> None:
    one = loaded(
        tmp_path, f"held: true\n{KNOWN}", "[{wait: {market: 1m}}, {expect: {audit: clean}}, {expect: {digest: any}}]"
    )
    assert len(reasons(one)) == 4
    assert reasons(one, parts=True) == []


def test_also_where_all_parts_are_named_nothing_is_broken_or_set_there(tmp_path: Path) -> None:
    one = loaded(tmp_path, f"speed: max\n{KNOWN}", "[{restart: {part: orders}}]")
    assert len(reasons(one, parts=True)) == 2


def test_a_user_who_is_there_can_act_anywhere(tmp_path: Path) -> None:
    assert reasons(loaded(tmp_path, KNOWN)) == []


def test_a_new_user_needs_a_gateway_that_shows_his_code(tmp_path: Path) -> None:
    one = loaded(tmp_path, FRESH, "[{register: {}}, {expect: {mail: ann}}]")
    assert len(reasons(one)) == 3
    assert reasons(one, mail=True) == []


@pytest.mark.parametrize(
    ("head", "steps"),
    [
        ("at_end: halt\n", "[{login: {}}]"),
        ("held: true\n", "[{login: {}}]"),
        ("needs: {settings: {orders.max_open: 1}}\n", "[{login: {}}]"),
        ("", "[{clock: {pause: true}}]"),
        ("", "[{repeat: {times: 2, steps: [{wait: {settled: true}}]}}]"),
        ("", "[{wait: {until: {cash: USD}, pause: true}}]"),
        ("", "[{expect: {audit: clean}}]"),
        ("", "[{call: {get: '/candles/AAPL?since=${day}T00:00:00Z'}}]"),
    ],
)
def test_the_sandboxs_own_machine_is_needed_by_these_with_or_without_mail(
    tmp_path: Path, head: str, steps: str
) -> None:
    assert len(reasons(loaded(tmp_path, KNOWN + head, steps), mail=True)) == 1


def test_staff_are_on_the_sandboxs_own_machine(tmp_path: Path) -> None:
    assert len(reasons(loaded(tmp_path, "actors: {a: {staff: true}, b: {roles: [support]}}\n"), mail=True)) == 2


def test_the_refusal_names_the_option_that_would_help(tmp_path: Path) -> None:
    with pytest.raises(TradectlError, match="his code comes by mail") as raised:
        check_remote([loaded(tmp_path, FRESH)])
    assert raised.value.hint.startswith("--mail URL")
    with pytest.raises(TradectlError) as raised:
        check_remote([loaded(tmp_path, KNOWN, "[{clear: {}}]")])
    assert raised.value.hint.startswith("--skip-local")


def test_what_cannot_be_done_elsewhere_is_skipped_with_its_reason(tmp_path: Path) -> None:
    suite = Suite([loaded(tmp_path, FRESH)], Wish(target=elsewhere("http://door")), lambda *_: None)
    (outcome,) = suite.outcomes
    assert (outcome.status, "code comes by mail" in outcome.why) == ("skipped", True)


def test_the_doors_address_may_end_with_the_apis_path() -> None:
    found = elsewhere("https://bff.example/api/v1/", "http://mail.example/")
    assert (found.door, found.mail, found.sandbox) == ("https://bff.example", "http://mail.example", None)


@pytest.mark.parametrize(("url", "mail"), [("bff:80", None), ("ftp://bff", None), ("http://bff", "mail")])
def test_what_is_no_address_is_refused(url: str, mail: str | None) -> None:
    with pytest.raises(TradectlError) as raised:
        elsewhere(url, mail)
    assert raised.value.exit_code == ExitCode.USAGE
