"""The load scenarios that there are, by the names of their modules."""

import ast
import pkgutil
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

FOLDER = Path(__file__).parents[2] / "scenarios" / "load"


def names() -> list[str]:
    """All of them."""
    return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))


def known(scenario: str) -> str:
    """TradectlError unless there is one of that name."""
    if scenario not in names():
        raise TradectlError(
            f"there is no load scenario {scenario!r}", f"one of: {', '.join(names())}", ExitCode.NOT_FOUND
        )
    return scenario


def intent(scenario: str) -> str:
    """The first line of its module, which is read and not imported: Locust stays in the generator's process."""
    tree = ast.parse((FOLDER / f"{scenario}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0]
