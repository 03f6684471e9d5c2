"""Who works in a container, as this machine sees it."""

import subprocess
import sys

from tradectl.stack.composed.stand_in import inside

FIRST = f"{sys.executable} -c 'import os; print(os.getpid(), flush=True); input()'; true"


def test_who_works_in_a_container_is_the_child_of_its_first_process() -> None:
    with subprocess.Popen(["sh", "-c", FIRST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        working = int(first.stdout.readline())
        assert inside(first.pid) == working
        first.stdin.close()


def test_a_first_process_that_is_alone_is_who_works() -> None:
    with subprocess.Popen(["sleep", "60"]) as first:
        assert inside(first.pid) == first.pid
        first.kill()
