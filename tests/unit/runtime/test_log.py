import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.runtime import log, logfile, trace
from tests.eventually import eventually


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    logfile.configure(tmp_path / "logs")
    yield tmp_path / "logs"
    logfile.forget()


def lines(folder: Path, name: str = "orders") -> list[dict[str, Any]]:
    logfile.flush()
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def test_a_line_says_when_who_and_what(folder: Path) -> None:
    log.logger("orders").info("order placed", symbol="AAPL", quantity=3)
    (line,) = lines(folder)
    assert line["level"] == "info"
    assert line["service"] == "orders"
    assert line["event"] == "order placed"
    assert (line["symbol"], line["quantity"]) == ("AAPL", 3)
    assert len(line["time"]) == len("2024-08-08T07:10:00.000000Z")


def test_what_is_bound_to_the_work_is_on_its_lines_and_not_on_the_next(folder: Path) -> None:
    logger = log.logger("orders")
    with trace.continue_from(None) as span:
        bound = log.bind(order_id="o1")
        logger.info("inside")
        log.unbind(bound)
    logger.info("outside")
    inside, outside = lines(folder)
    assert (inside["order_id"], inside["trace_id"]) == ("o1", span.trace_id)
    assert "order_id" not in outside
    assert "trace_id" not in outside


def test_what_enters_from_outside_forgets_what_the_caller_had_bound() -> None:
    outer = log.bind(user_id="u1")
    inner = log.begin(request_id="r1")
    assert log.bound() == {"request_id": "r1"}
    log.unbind(inner)
    assert log.bound() == {"user_id": "u1"}
    log.unbind(outer)


@pytest.mark.parametrize("key", ["password", "new_password", "access_token", "code", "Authorization", "Set-Cookie"])
def test_no_line_holds_a_secret(folder: Path, key: str) -> None:
    log.logger("auth").info("request", **{key: "hunter2", "body": {key: "hunter2"}})
    logfile.flush()
    assert "hunter2" not in (folder / "auth.jsonl").read_text()


def test_a_line_with_every_request_has_the_same_fields(folder: Path) -> None:
    log.line("orders", "request")({"path": "/orders", "status": 201})
    (line,) = lines(folder)
    assert {"time", "level", "service", "event", "path", "status"} == set(line)


def test_an_exception_is_written_with_its_trace(folder: Path) -> None:
    try:
        raise ValueError("no such thing")
    except ValueError:
        log.logger("orders").exception("failed")
    (line,) = lines(folder)
    assert "no such thing" in line["exception"]


async def test_lines_written_in_a_loop_reach_the_file_by_themselves(folder: Path) -> None:
    log.logger("orders").info("soon")
    assert not (folder / "orders.jsonl").exists()
    await eventually((folder / "orders.jsonl").exists, timeout=2)


def test_a_file_that_grew_too_long_is_put_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfile, "ROTATE_AT", 1_000)
    logger = log.logger("orders")
    for number in range(20):
        logger.info("line", number=number)
    assert (folder / "orders.1.jsonl").stat().st_size >= 1_000
    assert (folder / "orders.jsonl").stat().st_size < 1_000


def test_what_a_process_has_once_is_told_in_its_own_name(folder: Path) -> None:
    logfile.configure(folder, {"orders": "orders@2"}, process="orders")
    log.of_process().warning("cache lost")
    (line,) = lines(folder, "orders@2")
    assert (line["service"], line["event"]) == ("orders", "cache lost")


async def test_what_nobody_caught_is_in_the_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    handlers = logging.root.handlers[:]
    logfile.configure(folder, process="host")
    log.watch_for_crashes()
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    logging.getLogger("some.library").warning("odd: %s", 1)
    logging.root.handlers[:] = handlers
    crash, warning = lines(folder, "host")
    assert "ZeroDivisionError" in crash["exception"]
    assert (warning["event"], warning["logger"]) == ("odd: 1", "some.library")


def test_before_the_process_has_said_where_only_warnings_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    log.logger("orders").info("nothing to see")
    log.logger("orders").warning("odd")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["odd"]


def test_lines_of_a_loop_that_ended_early_are_not_lost(folder: Path) -> None:
    async def work() -> None:
        log.logger("orders").info("from the first loop")

    asyncio.run(work())
    log.logger("orders").info("from no loop")
    assert len(lines(folder)) == 2
