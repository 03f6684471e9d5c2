"""Where the servers are: by the environment or a file, never by an option, which every user of a machine sees."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import ClassVar
from urllib.parse import SplitResult, quote, unquote, urlsplit

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox, read_json, write_json

VARIABLE = "TRADECTL_EXTERNAL_"
FILE_VARIABLE = f"{VARIABLE}FILE"
FILE = "external.json"
MANAGEMENT_PORT = 15672
"""Of RabbitMQ's management plugin, where nothing else is said."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """A server and who we are to it."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    path: str

    def url(self, scheme: str) -> str:
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user or self.password else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{login}{host}:{self.port}/{quote(self.path, safe='')}"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, kw_only=True)
class Given:
    """URLs as they were said; what may be absent is empty."""

    mysql: str = field(repr=False)
    amqp: str = field(repr=False)
    redis: str = field(repr=False)
    mysql_replica: str = field(default="", repr=False)
    amqp_management: str = field(default="", repr=False)

    SCHEMES: ClassVar[Mapping[str, tuple[str, int]]] = {
        "mysql": ("mysql", 3306),
        "mysql_replica": ("mysql", 3306),
        "amqp": ("amqp", 5672),
        "amqp_management": ("http", MANAGEMENT_PORT),
        "redis": ("redis", 6379),
    }

    def address(self, name: str) -> Address:
        """One of them, read; TradectlError when it cannot be."""
        scheme, port = self.SCHEMES[name]
        return _address(name, getattr(self, name), scheme, port)

    @property
    def management(self) -> Address:
        """RabbitMQ's HTTP API: by its own URL, else where the broker is, on the usual port, as the same user."""
        broker = self.address("amqp")
        return self.address("amqp_management") if self.amqp_management else replace(broker, port=MANAGEMENT_PORT)


NAMES = tuple(each.name for each in fields(Given))
OPTIONAL = {"mysql_replica", "amqp_management"}


def said(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the environment says, else the file that it names."""
    path = environment.get(FILE_VARIABLE)
    filed = _read(Path(path)) if path else {}
    found = {name: environment.get(f"{VARIABLE}{name.upper()}") or filed.get(name, "") for name in NAMES}
    return {name: url for name, url in found.items() if url}


def missing(found: Mapping[str, str]) -> list[str]:
    """The variables that are wanted still."""
    return [f"{VARIABLE}{name.upper()}" for name in NAMES if name not in found and name not in OPTIONAL]


def given(sandbox: Sandbox) -> Given:
    """What is said now, else what the sandbox has. Its data are there: it is refused to be on other servers."""
    found, known = said(), kept(sandbox)
    if known:
        if found and found != {name: url for name, url in asdict(known).items() if url}:
            hint = f"`tradectl down --name {sandbox.name}` first, or start another sandbox with --name"
            raise TradectlError(f"sandbox {sandbox.name} has its data on other servers", hint, ExitCode.CONFLICT)
        return known
    if absent := missing(found):
        raise TradectlError(f"the external servers are not named: {', '.join(absent)}", HINT, ExitCode.USAGE)
    made = Given(**found)
    for name in found:
        made.address(name)
    return made


HINT = f"set these variables to URLs, or {FILE_VARIABLE} to a file of TOML with {', '.join(NAMES)}"


def kept(sandbox: Sandbox) -> Given | None:
    path = sandbox.root / FILE
    return Given(**read_json(path)) if path.exists() else None


def keep(sandbox: Sandbox, servers: Given) -> None:
    """With the passwords: `down` has to undo what they have let `up` do."""
    write_json(sandbox.root / FILE, asdict(servers))


def forget(sandbox: Sandbox) -> None:
    (sandbox.root / FILE).unlink(missing_ok=True)


def _read(path: Path) -> dict[str, str]:
    try:
        if path.stat().st_mode & 0o077:
            raise TradectlError(f"{path} can be read by others", f"chmod 600 {path}", ExitCode.BAD_INPUT)
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TradectlError(f"{path} cannot be read: {error}", HINT, ExitCode.BAD_INPUT) from error
    if wrong := [name for name, url in document.items() if name not in NAMES or not isinstance(url, str)]:
        raise TradectlError(f"{path}: {', '.join(wrong)} is none of its settings", HINT, ExitCode.BAD_INPUT)
    return dict(document)


def _address(name: str, url: str, scheme: str, port: int) -> Address:
    try:
        parts = urlsplit(url)
        return _of(parts, parts.port or port) if _fits(parts, scheme) else _unreadable(name, scheme)
    except ValueError:
        return _unreadable(name, scheme)


def _fits(parts: SplitResult, scheme: str) -> bool:
    return parts.scheme == scheme and bool(parts.hostname) and not parts.query and not parts.fragment


def _of(parts: SplitResult, port: int) -> Address:
    return Address(
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        path=unquote(parts.path[1:]),
    )


def _unreadable(name: str, scheme: str) -> Address:
    """The URL itself is not shown: it holds a password."""
    variable = f"{VARIABLE}{name.upper()}"
    raise TradectlError(f"{variable} is no URL that can be used", f"{scheme}://USER:PASSWORD@HOST:PORT", ExitCode.USAGE)
