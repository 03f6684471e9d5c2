"""The project file: what a folder's users set once instead of at each command."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradectl.errors import ExitCode, TradectlError

FILE = "tradectl.toml"
SHARED = "pyproject.toml"
KNOWN: Mapping[str, frozenset[str]] = {"images": frozenset({"percona", "rabbitmq", "redis"})}
"""The keys of each table; every value is a string."""


def project(folder: Path, table: str) -> dict[str, str]:
    """A table of ``tradectl.toml``, else of ``[tool.tradectl]`` in ``pyproject.toml``; empty where there is neither."""
    own, shared = folder / FILE, folder / SHARED
    if own.is_file():
        return _checked(own, _read(own)).get(table, {})
    if shared.is_file():
        return _checked(shared, _read(shared).get("tool", {}).get("tradectl", {})).get(table, {})
    return {}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TradectlError(f"{path} cannot be read: {error}", "mend the file", ExitCode.BAD_INPUT) from error


def _checked(path: Path, document: Any) -> dict[str, dict[str, str]]:
    """What is misspelt is refused: silently ignored, it would be the default."""
    for table, keys in document.items():
        if table not in KNOWN or not isinstance(keys, dict):
            raise _unknown(path, table, KNOWN)
        for key, value in keys.items():
            if key not in KNOWN[table]:
                raise _unknown(path, f"{table}.{key}", KNOWN[table])
            if not isinstance(value, str):
                raise TradectlError(f"{path}: {table}.{key} is no text", f'{key} = "..."', ExitCode.BAD_INPUT)
    return dict(document)


def _unknown(path: Path, key: str, known: Mapping[str, object] | frozenset[str]) -> TradectlError:
    return TradectlError(
        f"{path}: there is no setting {key!r}", f"one of: {', '.join(sorted(known))}", ExitCode.BAD_INPUT
    )
