"""The secrets of the platform by name: each is a file of a folder, and of /run/secrets/ where it is needed."""

from pathlib import Path
from secrets import token_hex, token_urlsafe

from tradectl.errors import ExitCode, TradectlError
from tradectl.render.chat import HOOK, TOKEN, hook, token
from tradectl.stack.state import KEYS
from tradectl.stack.topology import Topology

MYSQL = ("mysql_root", "mysql_replication", "mysql_monitor")
SERVERS = (*MYSQL, "rabbitmq", "erlang_cookie", "redis", "s3_key", "grafana_admin")
CHAT = (TOKEN, HOOK)
READABLE = 0o444
"""A container reads it as whoever it is; the folder lets nobody else of this machine in."""


def database(service: str) -> str:
    """The secret that opens a service's schema."""
    return f"mysql_{service}"


def names(topology: Topology) -> list[str]:
    """All secrets."""
    return [*KEYS, *SERVERS, *CHAT, *(database(each.name) for each in topology.services if each.database)]


def make(topology: Topology, folder: Path, chat: str) -> list[str]:
    """Make those that are missing, and none anew; their names. ``chat`` is where the operators' chat listens."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        return [name for name in names(topology) if lay(folder, name, made(name, chat))]
    except OSError as error:
        raise TradectlError(
            f"{folder} cannot be written: {error.strerror}",
            "make it writable, or name another by --to",
            ExitCode.STATE_UNUSABLE,
        ) from error


def made(name: str, chat: str) -> str:
    """Letters and digits alone for servers, whose syntax then has nothing to quote."""
    if name in CHAT:
        return token() if name == TOKEN else hook(chat)
    return token_urlsafe(32) if name in KEYS else token_hex(16)


def lay(folder: Path, name: str, text: str) -> bool:
    """Put a secret where there is none; whether there was none."""
    path = folder / name
    if path.exists():
        return False
    beside = folder / f".{name}"
    beside.write_text(text, encoding="ascii")
    beside.chmod(READABLE)
    beside.rename(path)
    return True
