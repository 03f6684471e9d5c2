"""What can be broken, and the page that says so (docs/reference/faults.md)."""

import difflib
from collections.abc import Iterator

from services.contracts.faults import KINDS, Kind, Parameter
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import settings
from tradectl.stack.state import Sandbox
from tradectl.stack.topology import NETWORK


def kind_of(name: str) -> Kind:
    """The kind of this name; TradectlError when there is none."""
    if name in KINDS:
        return KINDS[name]
    near = difflib.get_close_matches(name, KINDS, 3, 0.4)
    hint = f"perhaps {', '.join(near)}; " if near else ""
    raise TradectlError(f"no fault is called {name}", f"{hint}`tradectl fault kinds` lists them", ExitCode.NOT_FOUND)


def lacking(kind: Kind, sandbox: Sandbox) -> str:
    """What a sandbox would have to be started with; empty when it has it, or is not there yet."""
    if not sandbox.exists:
        return ""
    kept = settings.load(sandbox)
    unable = kind.backends and kept.backend not in kind.backends
    lacks = ["--backend containers"] if unable else []
    if kind.part == NETWORK and not kept.network_faults:
        lacks.append("--network-faults")
    return " ".join(lacks)


def graded(parameter: Parameter) -> str:
    """A parameter as the command line takes it, with its default and range."""
    if parameter.is_text:
        return f"--{parameter.name} {parameter.default or 'NAME'}"
    span = f"{parameter.least:.10g} to {parameter.most:.10g}"
    return f"--{parameter.name} {parameter.default:g} ({parameter.unit}, {span})"


HEAD = """# Faults

`tradectl fault add KIND` breaks something on purpose: `--for` says for how long, `--seed` which stream of chance it
draws from, other options how badly. A fault ends by itself, also when the tool was killed meanwhile, and with the
process that suffers it; `tradectl fault list` and `tradectl ps` show what is broken, `tradectl fault clear --all` ends
it.
"""


def lines() -> Iterator[str]:
    """The page, line by line."""
    yield from (HEAD, f"There are {len(KINDS)} kinds.", "")
    yield from ("| kind | what it does | graded by | backend |", "|---|---|---|---|")
    for kind in KINDS.values():
        terms = "; ".join(f"`{graded(parameter)}`" for parameter in kind.parameters) or "nothing"
        yield f"| `{kind.name}` | {kind.does} | {terms} | {', '.join(kind.backends) or 'any'} |"
    yield ""
