"""How progress is drawn."""

import pytest

from tradectl.cli import progress
from tradectl.cli.bars import Bars
from tradectl.cli.output import stderr
from tradectl.stack.events import StackEvent


@pytest.fixture(autouse=True)
def fresh() -> None:
    stderr.cache_clear()


def test_where_nobody_looks_an_image_is_a_line_when_it_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    for percent in (0, 50, 100):
        progress.terminal(StackEvent(kind="pulling", part="redis", text="redis:8", percent=percent))
    assert capsys.readouterr().err.split() == ["✓", "redis", "is", "pulled", "redis:8"]


def test_bars_are_gone_when_all_is_here() -> None:
    bars = Bars()
    bars.show("redis", "redis:8", 50)
    bars.show("percona", "percona:8", 100)
    assert bars._drawn is not None
    bars.show("redis", "redis:8", 100)
    assert bars._drawn is None


def test_the_backend_and_the_reason_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    progress.terminal(StackEvent(kind="chosen", part="embedded", text="no Docker engine answers"))
    assert "embedded" in (said := capsys.readouterr().err)
    assert "no Docker engine answers" in said
