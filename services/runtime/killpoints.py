"""Named points where a test ends the process with SIGKILL: before and after each commit, send, confirm, acknowledge.

Armed by TRADECTL_KILL_AT=name:count (the count-th time that the point is reached), or by several of these with commas
between them, one for each life of the process; unarmed a point costs one look-up.
"""

import os
import signal
from collections.abc import Callable

ENVIRONMENT = "TRADECTL_KILL_AT"

POINTS = {
    "uow.before_commit": "a use case is done, nothing of it is durable",
    "uow.after_commit": "a use case is durable, nobody was told",
    "outbox.before_publish": "events are durable and not yet sent",
    "outbox.after_confirm": "the broker has the events, the outbox does not know",
    "outbox.after_mark": "the outbox knows that the broker has the events",
    "consumer.before_commit": "a batch was handled, nothing of it is durable",
    "consumer.after_commit": "a batch is durable, the broker does not know",
    "consumer.after_ack": "the broker knows that the batch is done",
    "broker.before_commit": "events were taken, no queue has them durably",
    "broker.after_commit": "the queues have the events, the publisher does not know",
    "fix.before_commit": "a message was made or read, neither number nor bytes are durable",
    "fix.after_commit": "number and bytes are durable, nothing is on the wire",
    "fix.after_wire": "the message is on the wire",
    "rest.before_send": "the broker may have a message by REST, nothing has left",
    "rest.after_answer": "the broker has answered by REST, nobody knows",
    "venue.before_commit": "commands are matched, the journal does not have them",
    "venue.after_commit": "the journal has the commands, no report has left",
    "venue.after_release": "the reports have left",
    "load.begun": "the tool has said that it loads a snapshot, nothing is replaced",
    "load.half": "the databases are the snapshot's, the market is the old one",
}

Watcher = Callable[[], None]

_watchers: dict[str, Watcher | None] = dict.fromkeys(POINTS)


def reach(name: str) -> None:
    """Pass a point; KeyError when nobody declared it."""
    watcher = _watchers[name]
    if watcher is not None:
        watcher()


def watch(name: str, watcher: Watcher | None) -> None:
    """Have something called whenever the point is passed; none ends that."""
    if name not in POINTS:
        raise LookupError(f"no kill point is called {name}; there are {', '.join(POINTS)}")
    _watchers[name] = watcher


def arm(spec: str) -> None:
    """End this process the moment ``name:count`` is reached for the count-th time."""
    name, _, count = spec.partition(":")
    left = int(count or 1)

    def pass_or_die() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(name, pass_or_die)


def arm_from_environment(life: int = 0) -> None:
    """Arm what the environment names for this life; the host, which counts its restarts, calls this first of all.

    After the last one nothing is armed: a host that was killed on purpose must be able to come back.
    """
    specs = os.environ.get(ENVIRONMENT, "").split(",")
    if life < len(specs) and specs[life]:
        arm(specs[life])
