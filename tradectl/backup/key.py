"""The key that backups are sealed with: 32 bytes in hexadecimal, given by a file or the environment."""

import os
import re
import secrets
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

VARIABLE, FILE_VARIABLE = "TRADECTL_BACKUP_KEY", "TRADECTL_BACKUP_KEY_FILE"
FORM = re.compile(r"[0-9a-f]{64}")
HINT = "`tradectl backup key backup.key` makes one; then export TRADECTL_BACKUP_KEY_FILE=backup.key"


def given(file: Path | None = None) -> bytes:
    """The key, by the file named, else by the environment; TradectlError when there is none or it is none."""
    path = file or (Path(named) if (named := os.environ.get(FILE_VARIABLE)) else None)
    if path is not None:
        return parsed(_read(path), str(path))
    if said := os.environ.get(VARIABLE):
        return parsed(said, VARIABLE)
    raise TradectlError("no key for backups is given", HINT, ExitCode.USAGE)


def parsed(text: str, where: str) -> bytes:
    """TradectlError without a letter of it when it is no key."""
    said = text.strip().lower()
    if not FORM.fullmatch(said):
        raise TradectlError(f"{where} holds no key: 64 hexadecimal digits are one", HINT, ExitCode.BAD_INPUT)
    return bytes.fromhex(said)


def make(path: Path) -> None:
    """A new key in a new file, for its owner alone; CONFLICT when something is there: without it backups are lost."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        hint = "name another file: what was sealed with that key can be opened with nothing else"
        raise TradectlError(f"{path} is there already", hint, ExitCode.CONFLICT) from error
    except OSError as error:
        raise TradectlError(f"{path} cannot be written: {error.strerror}", "name another", ExitCode.USAGE) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise TradectlError(f"the key {path} cannot be read: {error}", HINT, ExitCode.BAD_INPUT) from error
