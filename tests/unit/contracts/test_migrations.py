from pathlib import Path

import pytest

from services.contracts.migrations import late, marks, revisions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "versions").mkdir()
    return tmp_path


def write(folder: Path, revision: str, text: str) -> None:
    (folder / "versions" / f"{revision}.py").write_text(text, encoding="utf-8")


def test_marks_are_read_in_the_order_of_ids_without_running_anything(folder: Path) -> None:
    write(folder, "0002_less", 'import nothing_of_that_name\nmark = "contract"\n')
    write(folder, "0001_first", 'mark = "expand"\n')
    assert marks(folder) == {"0001_first": "expand", "0002_less": "contract"}


@pytest.mark.parametrize("text", ["", 'mark = "both"\n', 'marked = "expand"\n'])
def test_a_migration_that_does_not_say_what_it_does_is_refused(folder: Path, text: str) -> None:
    write(folder, "0001_first", text)
    with pytest.raises(LookupError, match=r"0001_first\.py does not say what it does"):
        marks(folder)


def test_a_folder_without_revisions_is_none(folder: Path) -> None:
    with pytest.raises(LookupError, match="has no revisions"):
        revisions(folder)


def test_what_expands_behind_a_contract_is_late() -> None:
    assert late([("1", "expand"), ("2", "contract"), ("3", "contract")]) == []
    assert late([("1", "contract"), ("2", "expand"), ("3", "contract"), ("4", "expand")]) == ["2", "4"]
