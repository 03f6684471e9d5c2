"""A file is read whole, or everything that is wrong with it is told with its place."""

from pathlib import Path

import pytest

from tradectl.errors import TradectlError
from tradectl.scenario import locality
from tradectl.scenario.load import Loaded, load, load_all
from tradectl.scenario.planned import walk
from tradectl.scenario.positions import WrongFiles

SOUND = """\
scenario: A market buy is filled at the ask.
tags: [quick]
actors:
  ann: {deposit: {USD: 1000}}
let: {symbol: AAPL}
steps:
  - place: {symbol: "${symbol}", side: buy, quantity: 1, status: filled}
    as: first
  - repeat:
      times: 2
      steps:
        - expect: {order: first, is: {status: filled}}
  - call: {get: "/orders/${first.id}"}
"""


def reading(tmp_path: Path, text: str, name: str = "one.yaml") -> Loaded:
    file = tmp_path / "fills" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load(file)


def wrong(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in SOUND
    with pytest.raises(WrongFiles) as caught:
        reading(tmp_path, SOUND.replace(old, new))
    return [f"{each.line}:{each.column}: {each.said}" for each in caught.value.wrong]


def test_a_scenario_goes_by_its_folder_and_file(tmp_path: Path) -> None:
    loaded = reading(tmp_path, SOUND)
    assert loaded.name == "fills/one"
    assert [each.step.action for each in walk(loaded.steps)] == ["place", "repeat", "expect", "call"]
    assert [each.place.line for each in walk(loaded.steps)] == [7, 9, 12, 13]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("side: buy", "side: by", "7:34: side: 'by' is not one of buy, sell"),
        ("quantity: 1, ", "", "7:5: quantity is missing"),
        ("  - call:", "  - cal:", "13:5: there is no cal here; did you mean call?"),
        ("side: buy", "sde: buy", "7:34: there is no sde here; did you mean side?"),
        ("side: buy", "side: buy, subject: a", "7:45: there is no subject here"),
        ("times: 2", "times: 0", "10:7: times: input should be greater than or equal to 1"),
        ("${first.id}", "${second.id}", "13:5: ${second.id}: nothing is called second here"),
        ("order: first", "order: second", "12:11: no order is saved as second"),
        ("is: {status: filled}}", "is: {'a[': 1}}", "12:11: 'a[' is no JMESPath"),
        ("order: first,", "order: first, actor: bob,", "12:11: there is no actor bob"),
        ("order: first,", "order: first, position: AAPL,", "12:11: expect: exactly one of"),
        ("is: {status: filled}}", "is: {a: {ge: 1, gee: 2}}}", "12:11: a: gee is no test"),
        ("let: {symbol: AAPL}", "let: {ann: AAPL, symbol: AAPL}", "5:7: ann is an actor's name already"),
        ("  - call: {get", "  - include: no.yaml\n  - call: {get", "13:5: there is no file"),
        ("  - call: {get", "  - clock: {pause: true, speed: 2}\n  - call: {get", "13:5: clock: exactly one of"),
        ("order: first, is: {status: filled}", "digest: second", "12:11: no digest is saved as second"),
        ("order: first, is: {status: filled}", f"digest: {'a' * 64}", "12:11: a digest by its digits is that of"),
        ("order: first, is: {status: filled}", "metric: a", "12:11: expect: a metric is that of a part"),
        ("order: first, is: {status: filled}", "metric: a, part: venue", "12:11: there is no service venue"),
        ("order: first,", "order: first, labels: {a: b},", "12:11: expect: part and labels are those of a metric"),
        ("order: first, is: {status: filled}", "trace: second", "12:11: no order is saved as second"),
        ("  - call: {get", "  - load: {}\n  - call: {get", "13:5: thresholds is missing"),
        ("  - call: {get", "  - load: {thresholds: [p99<5]}\n  - call: {get", "13:25: thresholds: 'p99<5'"),
        ("  - call: {get", "  - load: {thresholds: [p9<5s], for: 1h}\n  - call: {get", "13:33: for: 1h is too long"),
        (
            "  - call: {get",
            "  - load: {thresholds: [p9<5s], profile: a}\n  - call: {get",
            "13:33: profile: there is no",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert any(each.startswith(said) for each in wrong(tmp_path, old, new)), wrong(tmp_path, old, new)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    assert len(wrong(tmp_path, "quantity: 1, status: filled", "quantiti: 1, status: full")) == 3


def test_steps_of_an_included_file_stand_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "fills").mkdir()
    (tmp_path / "fills" / "_look.yaml").write_text("steps:\n  - expect: {cash: USD}\n", encoding="utf-8")
    loaded = reading(tmp_path, f"{SOUND}  - include: _look.yaml\n")
    assert [each.step.action for each in walk(loaded.steps)][-2:] == ["include", "expect"]
    assert {file.name for file in loaded.files} == {"one.yaml", "_look.yaml"}
    assert [each.name for each in load_all([tmp_path])] == ["fills/one"]


def test_a_file_that_includes_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fills").mkdir()
    (tmp_path / "fills" / "_loop.yaml").write_text("steps:\n  - include: _loop.yaml\n", encoding="utf-8")
    with pytest.raises(WrongFiles, match="includes itself"):
        reading(tmp_path, f"{SOUND}  - include: _loop.yaml\n")


def test_a_tag_or_a_group_selects(tmp_path: Path) -> None:
    reading(tmp_path, SOUND)
    assert len(load_all([tmp_path], ["quick"])) == len(load_all([tmp_path], ["fills"])) == 1
    assert load_all([tmp_path], ["slow"]) == []


def test_what_needs_this_machine_is_refused_elsewhere(tmp_path: Path) -> None:
    loaded = reading(tmp_path, f"{SOUND}  - clock: {{pause: true}}\n  - expect: {{mail: ann}}\n")
    with pytest.raises(TradectlError) as caught:
        locality.check_remote([loaded])
    for said in ("actor ann: needs email and password", ":14:5: clock needs", ":15:5: mail is seen"):
        assert said in caught.value.message


def test_a_digest_is_any_or_saved_or_that_of_a_held_run(tmp_path: Path) -> None:
    given = f"  - wait: {{until: {{digest: {'a' * 64}}}}}\n"
    looks = f"  - expect: {{digest: any}}\n    as: was\n  - expect: {{digest: was}}\n{given}"
    loaded = reading(tmp_path, f"{SOUND.replace('tags: [quick]', 'held: true')}{looks}")
    looked = [condition.digest for each in walk(loaded.steps) for condition in each.step.conditions]
    assert looked[-3:] == ["any", "was", "a" * 64]
    with pytest.raises(TradectlError, match="digest is seen on the sandbox's own machine alone"):
        locality.check_remote([loaded])


@pytest.mark.parametrize(("action", "body"), [("clock", "{pause: true}"), ("load", "{thresholds: [p50<5s]}")])
def test_a_held_run_has_no_steps_that_take_their_own_time(tmp_path: Path, action: str, body: str) -> None:
    with pytest.raises(WrongFiles, match=f":2:1: a `{action}` step and `held` exclude each other"):
        reading(tmp_path, f"{SOUND}  - {action}: {body}\n".replace("tags: [quick]", "held: true"))
