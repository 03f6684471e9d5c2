import os
import signal

import pytest

from services.runtime import killpoints


def test_a_point_that_nobody_watches_is_passed_and_calls_nobody() -> None:
    watched, passed = "uow.before_commit", list[str]()
    killpoints.watch(watched, lambda: passed.append(watched))
    for name in killpoints.POINTS:
        if name != watched:
            killpoints.reach(name)
    killpoints.watch(watched, None)
    assert passed == []


def test_an_undeclared_point_cannot_be_passed_watched_or_armed() -> None:
    for use in (killpoints.reach, lambda name: killpoints.watch(name, None), killpoints.arm):
        with pytest.raises(LookupError, match="nowhere"):
            use("nowhere")


def test_who_watches_a_point_is_called_each_time() -> None:
    passed: list[str] = []
    killpoints.watch("uow.before_commit", lambda: passed.append("here"))
    killpoints.reach("uow.before_commit")
    killpoints.reach("uow.before_commit")
    killpoints.watch("uow.before_commit", None)
    killpoints.reach("uow.before_commit")
    assert passed == ["here", "here"]


def test_an_armed_point_ends_the_process_at_its_count(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: killed.append((pid, number)))
    monkeypatch.setenv(killpoints.ENVIRONMENT, "consumer.after_ack:3")
    killpoints.arm_from_environment()
    killpoints.reach("consumer.after_ack")
    killpoints.reach("consumer.after_ack")
    assert not killed
    killpoints.reach("consumer.after_ack")
    killpoints.watch("consumer.after_ack", None)
    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_each_life_of_a_process_has_a_point_of_its_own_and_the_one_after_the_last_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    armed: list[str] = []
    monkeypatch.setattr(killpoints, "arm", armed.append)
    monkeypatch.setenv(killpoints.ENVIRONMENT, "consumer.after_ack:3,uow.after_commit:1")
    for life in range(3):
        killpoints.arm_from_environment(life)
    assert armed == ["consumer.after_ack:3", "uow.after_commit:1"]


def test_each_point_says_what_is_and_is_not_durable_there() -> None:
    assert all(name.count(".") == 1 and len(text) > 20 for name, text in killpoints.POINTS.items())
