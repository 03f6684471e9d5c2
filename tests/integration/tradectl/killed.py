"""A start of a sandbox's servers, to be killed: `python -m tests.integration.tradectl.killed NAME`."""

import sys

from tradectl.stack import containers
from tradectl.stack.events import StackEvent
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import sandbox


def tell(event: StackEvent) -> None:
    sys.stdout.write(f"{event.kind} {event.part}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    place = sandbox(sys.argv[1])
    with place.exclusively():
        place.create()
        place.unfinished.write_text("first", encoding="ascii")
        keep(place, RunSettings())
        containers.bring_up(place, (), tell)
