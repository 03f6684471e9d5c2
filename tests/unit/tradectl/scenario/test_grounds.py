"""Who shares a sandbox, and who does not."""

from pathlib import Path

from tradectl.scenario.grounds import Ground, ground_of
from tradectl.scenario.load import load

PLAIN = """\
scenario: Something that should be so.
actors: {ann: {}}
steps:
  - expect: {cash: USD}
"""


def ground(tmp_path: Path, text: str, number: int = 1, seed: int | None = None) -> Ground:
    file = tmp_path / "some.yaml"
    file.write_text(text, encoding="utf-8")
    return ground_of(load(file), "embedded", seed, number)


def test_scenarios_that_want_nothing_special_share_one(tmp_path: Path) -> None:
    assert ground(tmp_path, PLAIN) == ground(tmp_path, PLAIN.replace("USD", "RUB"), 2)


def test_another_seed_start_or_limit_is_another_sandbox(tmp_path: Path) -> None:
    wishes = ["", "seed: 2\n", "at: 2024-08-08T12:00:00Z\n", "needs: {settings: {orders.max_open: 1}}\n"]
    assert len({ground(tmp_path, PLAIN + wish) for wish in wishes}) == len(wishes)


def test_the_command_lines_seed_is_that_of_all(tmp_path: Path) -> None:
    assert ground(tmp_path, f"{PLAIN}seed: 2\n", seed=0).seed == 0
    assert ground(tmp_path, f"{PLAIN}seed: 2\n").seed == 2


def test_who_looks_at_the_digest_is_alone_because_it_is_that_of_all(tmp_path: Path) -> None:
    assert ground(tmp_path, f"{PLAIN}  - expect: {{digest: any}}\n").own
    assert ground(tmp_path, f"{PLAIN}  - wait: {{until: {{digest: any}}}}\n").own


def test_who_turns_the_clock_is_alone_in_each_round(tmp_path: Path) -> None:
    turning = f"{PLAIN}  - repeat: {{times: 2, steps: [{{clock: {{pause: true}}}}]}}\n"
    assert ground(tmp_path, turning).own
    assert ground(tmp_path, turning, 1) != ground(tmp_path, turning, 2)
