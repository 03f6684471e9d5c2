"""The table of verbs, and what every verb must have."""

import inspect
import json
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.testing import CliRunner

from tradectl.cli.app import app
from tradectl.cli.verbs import VERBS, load

RUNNER = CliRunner()


def commands(verb: str) -> list[Any]:
    return within(load(verb))


def within(command: Any) -> list[Any]:
    """Itself, or the commands of a group and of the groups in it."""
    if not isinstance(command, TyperGroup):
        return [command]
    return [found for each in command.commands.values() for found in within(each)]


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_says_what_the_verb_says_of_itself(verb: str) -> None:
    assert inspect.cleandoc(load(verb).help or "").splitlines()[0] == VERBS[verb].help


IS_JSON = {("deploy", "reach"), ("scenario", "schema")}
"""What prints nothing else, or what another command prints."""
DRAWS = {"dash", "demo", "tui"}
"""What prints nothing: it takes the whole terminal."""


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_has_json_and_an_example(verb: str) -> None:
    for command in commands(verb):
        options = {option for parameter in command.params for option in parameter.opts}
        assert "--json" in options or (verb, command.name) in IS_JSON or verb in DRAWS
        assert command.epilog.startswith(f"Example: tradectl {verb}")


OF_NONE = {
    ("backup", "key"),
    ("load", "list"),
    ("load", "report"),
    *(("alerts", command) for command in ("list", "rules", "silence", "silences", "speak")),
    *(("dashboards", command) for command in ("check", "list", "plot")),
    *(("scenario", command) for command in ("check", "list", "new", "schema")),
    *(("topology", command) for command in ("render", "secrets")),
}
"""Commands about what lies beside all sandboxes, and so do those who watch them."""


ELSEWHERE = {"deploy", "release"}
"""Verbs about a real cluster."""


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"doctor", "gc"} - ELSEWHERE))
def test_every_command_of_one_sandbox_can_be_told_which_sandbox(verb: str) -> None:
    for command in commands(verb):
        if (verb, command.name) in OF_NONE:
            continue
        assert "--name" in {option for parameter in command.params for option in parameter.opts}


def test_help_lists_every_verb_with_its_line() -> None:
    shown = RUNNER.invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    for name, verb in VERBS.items():
        assert name in shown
        assert verb.help in shown


def test_an_unknown_verb_is_a_usage_error() -> None:
    assert RUNNER.invoke(app, ["fly"]).exit_code == 2


def test_another_backend_than_the_embedded_one_is_a_usage_error_that_names_it() -> None:
    result = RUNNER.invoke(app, ["up", "--backend", "mainframe"])
    assert result.exit_code == 2
    assert "embedded" in result.output


def test_doctor_answers_in_json() -> None:
    checks = json.loads(RUNNER.invoke(app, ["doctor", "--json"]).output)["checks"]
    assert all(set(check) == {"name", "found", "mend", "note", "ok"} for check in checks)
