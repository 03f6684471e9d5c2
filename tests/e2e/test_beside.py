"""A release before, by real Git, beside this one: an innocent one holds, one that does not know an event is caught."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.containers import IMAGES, need
from tests.e2e.tool import Tool
from tradectl.errors import ExitCode
from tradectl.release.git import Repository
from tradectl.release.program import run

pytestmark = pytest.mark.timeout(1500)
EVENTS = "services/contracts/events/orders.py"
TABLES = "services/auth/store/tables.py"
LANGUAGE = 'Column("language", '
PLACED = 'name: ClassVar[str] = "order_placed"'


@pytest.fixture
def tool(tmp_path: Path) -> Iterator[Tool]:
    """Nothing is left of its sandboxes, whatever becomes of the command."""
    for kind in IMAGES:
        need(kind)
    made = Tool(tmp_path / "home", patience=1400)
    yield made
    assert (made.leftovers(), made.in_engine()) == ([], [])
    assert not list((made.home / "sandboxes").glob("*"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The platform's services, not committed yet."""
    folder = tmp_path / "checkout"
    run("git", "init", "--quiet", str(folder))
    shutil.copytree(ROOT / "services", folder / "services", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def released(checkout: Path) -> str:
    """What is there becomes v1.0.0, and somebody works on."""
    made = Repository(checkout)
    made.run("add", "--all")
    for message in ("released", "more"):
        own = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
        made.run(*own, "commit", "--quiet", "--allow-empty", "--message", message)
        made.run("tag", "--force", "v1.0.0", "HEAD^" if message == "more" else "HEAD")
    return str(checkout)


def edit(file: Path, before: str, after: str) -> None:
    source = file.read_text(encoding="utf-8")
    assert before in source
    file.write_text(source.replace(before, after, 1), encoding="utf-8")


def test_a_release_that_does_not_know_an_event_is_caught(tool: Tool, checkout: Path) -> None:
    edit(checkout / EVENTS, PLACED, f"{PLACED}\n    version: ClassVar[int] = 7")
    done = tool.run("release", "beside", "--checkout", released(checkout), "--json")
    assert done.code == ExitCode.CHECK_FAILED, done.err
    found = done.json
    assert (found["ok"], found["earlier"]["name"]) == (False, "v1.0.0")
    assert (found["news"]["added"], found["news"]["gone"]) == (["order_placed 1"], ["order_placed 7"])
    assert "set aside order_placed 7: KeyError" in str(found["done"][-1]["why"])


@pytest.mark.night
def test_a_release_that_wants_a_column_which_is_gone_is_caught(tool: Tool, checkout: Path) -> None:
    edit(checkout / TABLES, LANGUAGE, 'Column("tongue", key="language", type_=')
    done = tool.run("release", "beside", "--checkout", released(checkout), "--json")
    assert done.code == ExitCode.CHECK_FAILED, done.err
    assert done.json["done"][-1]["why"] != []


@pytest.mark.night
def test_a_release_that_differs_in_nothing_holds_in_every_mixture(tool: Tool, checkout: Path) -> None:
    done = tool.run("release", "beside", "v1.0.0", "--checkout", released(checkout), "--json")
    assert done.code == ExitCode.OK, done.out + done.err
    assert [each["why"] for each in done.json["done"]] == [[]] * 8


def test_where_nothing_was_released_nothing_is_tried(tool: Tool, checkout: Path) -> None:
    released(checkout)
    Repository(checkout).run("tag", "--delete", "v1.0.0")
    done = tool.ok("release", "beside", "--checkout", str(checkout))
    assert "nothing was released before this commit" in done.out.replace("\n", " ")


@pytest.mark.parametrize(
    "said", ["no migration and no event", pytest.param("the new release holds", marks=pytest.mark.night)]
)
def test_an_interrupt_leaves_nothing(tool: Tool, checkout: Path, said: str) -> None:
    with tool.running("release", "beside", "--checkout", released(checkout)) as process:
        assert process.stderr is not None
        assert any(said in line for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)
    assert process.returncode == ExitCode.INTERRUPTED
