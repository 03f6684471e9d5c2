"""The shell completes verbs, options and their values."""

import pytest

from tests.e2e.tool import Tool


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("tradectl sm", "smoke"),
        ("tradectl up --see", "--seed"),
        ("tradectl clock pa", "pause"),
        ("tradectl wait --for q", "quote"),
    ],
)
def test_what_was_begun_is_completed(tool: Tool, typed: str, completed: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    assert tool.run(_TRADECTL_COMPLETE="complete_bash", **words).out.split() == [completed]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_shown(tool: Tool, shell: str) -> None:
    script = tool.run("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "_TRADECTL_COMPLETE" in script.out + script.err
