"""``python -m tradectl.load.worker ROLE SPEC [MASTER]``: the generator's process, in which gevent's patches live.

Alone it makes all the load and writes what it sees to stdout, a JSON document a line. ``lead`` has others make it, over
Locust's own connection; ``follow`` is one of those, here or on another machine. It ends when its stdin does.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import gevent.event
import msgspec
from locust import User
from locust.env import Environment
from locust.event import Events
from locust.runners import MasterRunner, WorkerRunner

from tradectl.load.recorder import Recorder, Second
from tradectl.load.spec import Spec, aimed
from tradectl.load.users import GRACE, Paced, Run

PATIENCE = 60.0
"""Seconds until all users are ready."""
AFTERWARDS = 15.0
"""Seconds for answers that are still awaited when the grace is over."""
STDOUT = sys.stdout
Send = Callable[[Second], None]


class GeneratorError(Exception):
    """The load could not be made; said on stderr."""


def classes(scenario: str) -> list[type[User]]:
    """The kinds of users of a scenario, by its module's ``USERS``: each kind and its weight."""
    users = importlib.import_module(f"scenarios.load.{scenario}").USERS
    found: list[type[User]] = []
    for kind, weight in users.items():
        kind.weight = weight
        found.append(kind)
    return found


def say(kind: str, **fields: Any) -> None:
    """A line for the tool."""
    STDOUT.write(json.dumps({"event": kind, **fields}) + "\n")
    STDOUT.flush()


def environment(spec: Spec) -> Environment:
    return Environment(user_classes=classes(spec.scenario), events=Events(), host=aimed(spec.door), stop_timeout=1)


def prepared(spec: Spec, env: Environment, send: Send, first: int = 0, step: int = 1) -> Run:
    """The run that this process's users take part in; what goes wrong in one of them is counted as well."""
    run = Run(spec, Recorder(send), first, step)
    Paced.take_part(run)

    def on_error(exception: BaseException, **_: Any) -> None:
        run.recorder.answered("user", 0.0, type(exception).__name__)

    env.events.user_error.add_listener(on_error)
    if spec.web_port or step > 1:
        run.fire = telling(env)
    return run


def telling(env: Environment) -> Callable[[str, float, int, str], None]:
    """Locust's page counts along."""

    def fire(name: str, seconds: float, size: int, error: str) -> None:
        env.events.request.fire(
            request_type="BFF",
            name=name,
            response_time=seconds * 1_000,
            response_length=size,
            exception=RuntimeError(error) if error else None,
            context={},
        )

    return fire


def drive(run: Run, users: int) -> None:
    """Open the gate when every user is ready, and turn the seconds until all have ended."""
    until(lambda: run.ready >= users, PATIENCE, "all users ready")
    run.open()
    end = run.began + run.shape.duration + GRACE + AFTERWARDS
    while run.ended < users and time.monotonic() < end:
        now = time.monotonic() - run.began
        gevent.sleep(max(0.0, int(now + 0.5) + 1 - now))
        run.recorder.turn()
    if run.ended < users:
        run.recorder.unsent(users - run.ended)
    run.recorder.turn()


def until(holds: Callable[[], bool], patience: float, what: str) -> None:
    """GeneratorError unless it holds in time."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            raise GeneratorError(f"{what}: not within {patience:g} s")
        gevent.sleep(0.02)


def alone(spec: Spec) -> None:
    """All users in this process."""
    env = environment(spec)
    run = prepared(spec, env, lambda second: say("second", **second.document()))
    runner = env.create_local_runner()
    show_page(env, spec)
    runner.start(len(spec.accounts), spawn_rate=100)
    say("begin")
    drive(run, len(spec.accounts))
    say("end")
    runner.quit()


def lead(spec: Spec) -> None:
    """All users in the processes that follow."""
    env = environment(spec)
    runner = env.create_master_runner("127.0.0.1", spec.master_port)
    done: list[str] = []
    runner.register_message("second", lambda msg, **_: say("second", **msg.data))
    runner.register_message("done", lambda msg, **_: done.append(msg.node_id))
    show_page(env, spec)
    until(lambda: len(runner.clients.ready) >= spec.workers, spec.patience, f"{spec.workers} workers")
    runner.start(len(spec.accounts), spawn_rate=100 * spec.workers)
    say("begin")
    whole = spec.shape.duration + GRACE + AFTERWARDS + PATIENCE
    until(lambda: len(done) >= spec.workers or lost(runner, spec, done), whole, "every worker done")
    say("end", lost=spec.workers - len(done))
    runner.quit()


def lost(runner: MasterRunner, spec: Spec, done: list[str]) -> bool:
    """Whether a worker that has not said that it is done is there no more."""
    return len(runner.clients) < spec.workers and len(done) < spec.workers


def follow(spec: Spec, master: str) -> None:
    """This process's share of the users."""
    host, _, port = master.partition(":")
    env = environment(spec)
    runner = env.create_worker_runner(host, int(port))
    until(lambda: runner.worker_index >= 0, PATIENCE, "a place among the workers")
    share = len(spec.accounts) // spec.workers
    run = prepared(
        spec, env, lambda second: tell(runner, second), first=runner.worker_index % spec.workers, step=spec.workers
    )
    drive(run, share)
    runner.send_message("done", {})
    runner.greenlet.join()


def tell(runner: WorkerRunner, second: Second) -> None:
    runner.send_message("second", second.document())


def show_page(env: Environment, spec: Spec) -> None:
    """Locust's own page, where it is asked for."""
    if spec.web_port:
        env.create_web_ui("127.0.0.1", spec.web_port)


def end_with_the_tool() -> None:
    """Whoever started this is gone: nobody is left who would want the load."""
    gevent.os.tp_read(0, 1)
    os._exit(1)


def main() -> None:
    """See the module."""
    role, path = sys.argv[1], Path(sys.argv[2])
    spec = msgspec.json.decode(path.read_bytes(), type=Spec)
    gevent.spawn(end_with_the_tool)
    try:
        if role == "follow":
            follow(spec, sys.argv[3] if len(sys.argv) > 3 else f"127.0.0.1:{spec.master_port}")
        else:
            {"alone": alone, "lead": lead}[role](spec)
    except GeneratorError as error:
        sys.stderr.write(f"{error}\n")
        STDOUT.flush()
        os._exit(1)
    STDOUT.flush()
    os._exit(0)  # Locust's greenlets have nothing more to say


if __name__ == "__main__":
    main()
