"""Which server: by the environment and files, never by an option, which every user of a machine sees."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tradectl.backup.programs import Login
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox

VARIABLE = "TRADECTL_BACKUP_DATABASE"
PASSWORD_FILE = f"{VARIABLE}_PASSWORD_FILE"
BACKEND = "server"
"""What a manifest says of a backup that was made so."""
FORM = "mysql://USER@HOST:PORT"
HINT = f"{VARIABLE}={FORM}, and {PASSWORD_FILE}=PATH of a file with the password"
PORT = 3306


def given(environment: Mapping[str, str] = os.environ) -> Login | None:
    """None when none is named; TradectlError, without a letter of a password, when it cannot be read."""
    said = environment.get(VARIABLE)
    if not said:
        return None
    host, user, password, port = _read(said)
    file = environment.get(PASSWORD_FILE)
    return Login(host, user, _content(Path(file)) if file else password, port)


def of(sandbox: Sandbox) -> Login | None:
    """The one named, else that of a sandbox on others' servers."""
    from tradectl.stack.containers.external.given import kept

    named, known = given(), kept(sandbox)
    if named or known is None:
        return named
    address = known.address("mysql")
    return Login(address.host, address.user, address.password, address.port)


def _read(said: str) -> tuple[str, str, str, int]:
    from urllib.parse import unquote

    try:
        parts = urlsplit(said)
        port = parts.port or PORT
    except ValueError:
        parts, port = urlsplit(""), PORT
    if parts.scheme != "mysql" or not parts.hostname or not parts.username or parts.path.strip("/") or parts.query:
        raise TradectlError(f"{VARIABLE} is no address of a server", HINT, ExitCode.USAGE)
    return parts.hostname, unquote(parts.username), unquote(parts.password or ""), port


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise TradectlError(f"the password {file} cannot be read: {error}", HINT, ExitCode.BAD_INPUT) from error
