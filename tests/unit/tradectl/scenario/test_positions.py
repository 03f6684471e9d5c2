"""YAML as scenarios read it: digits stay, words stay words, everything has a place."""

from pathlib import Path
from typing import Any

import pytest

from tradectl.scenario.positions import WrongFiles, read


def content(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "some.yaml"
    file.write_text(text, encoding="utf-8")
    return read(file)


def test_numbers_times_and_yes_stay_what_a_person_means(tmp_path: Path) -> None:
    document = content(tmp_path, "a: 0.10\nb: 07:10\nc: yes\nd: 2024-08-08T07:10:00Z\ne: 12\nf: true\ng:\n")
    kept = {"a": "0.10", "b": "07:10", "c": "yes", "d": "2024-08-08T07:10:00Z", "e": 12, "f": True, "g": None}
    assert document.content == kept


def test_each_key_and_item_has_its_line_and_column(tmp_path: Path) -> None:
    document = content(tmp_path, "steps:\n  - place:\n      side: buy\n  - {wait: 1}\n")
    assert document.places["steps", 0, "place", "side"] == (3, 7)
    assert document.places["steps", 1, "wait"] == (4, 6)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: 1\nb: [1\n", ":3:1: "), ("a: 1\nb: 2\na: 3\n", ":3:1: a stands here twice"), ("{[1]: 2}", "must be a word")],
)
def test_what_is_no_yaml_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WrongFiles) as caught:
        content(tmp_path, text)
    assert said in caught.value.message
