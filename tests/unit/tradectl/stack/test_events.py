"""The stream of progress."""

from pathlib import Path

from tradectl.stack.events import EventLog, EventReader, StackEvent


def test_a_reader_takes_what_came_since_it_last_looked(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events")
    log.write(StackEvent(kind="bound"))
    reader = EventReader(log, log.end())
    log.write(StackEvent(kind="ready", part="orders", seconds=0.5))
    assert [(event.kind, event.part, event.seconds) for event in reader.take()] == [("ready", "orders", 0.5)]
    assert list(reader.take()) == []


def test_a_line_that_is_being_written_comes_next_time(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(b'{"kind":"bound"}\n{"kind":"imp')
    reader = EventReader(EventLog(path))
    assert [event.kind for event in reader.take()] == ["bound"]
    with path.open("ab") as file:
        file.write(b'orted"}\n')
    assert [event.kind for event in reader.take()] == ["imported"]


def test_a_file_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events")
    assert log.end() == 0
    assert list(EventReader(log).take()) == []


def test_every_event_has_its_time(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events")
    log.write(StackEvent(kind="up"))
    assert next(EventReader(log).take()).time > 0
