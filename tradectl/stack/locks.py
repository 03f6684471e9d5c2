"""A file that somebody has locked is somebody at work: the lock goes with the process, however that ends (flock(2))."""

import fcntl
import os
from pathlib import Path


def take(descriptor: int) -> bool:
    """Be the one who holds an open file; False when another is."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether somebody holds the file. A shared lock is tried, so that two who look do not see each other."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
