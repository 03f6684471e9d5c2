"""A request as a `call`, and why one is left out."""

from typing import Any

from tradectl.scenario.recording.heard import KEY, Heard, secret_values
from tradectl.scenario.recording.names import Names
from tradectl.scenario.templates import HOLE

BUSY = 429
UNSURE = 500
TEMPLATE = "${"


def call(heard: Heard, who: str, names: Names) -> dict[str, Any]:
    """Any route, with the status and the code that it was refused with."""
    words: dict[str, Any] = {"actor": who, heard.method.lower(): names.filled(heard.path)}
    if heard.parameters:
        words["query"] = names.filled(heard.parameters)
    if heard.body:
        words |= body_of(heard, names)
    if KEY in heard.headers:
        words["headers"] = {"Idempotency-Key": names.filled(heard.headers[KEY])}
    return words | refusal(heard)


def body_of(heard: Heard, names: Names) -> dict[str, Any]:
    """As it stands where it is no JSON, or would not come out of YAML as it went in."""
    document = heard.document
    if document is None or inexact(document):
        return {"raw": names.filled(heard.body.decode())}
    return {"body": names.filled(document)}


def inexact(document: Any) -> bool:
    """Whether there is a number with a point: a scenario keeps its digits as text."""
    if isinstance(document, dict):
        return any(map(inexact, document.values()))
    return any(map(inexact, document)) if isinstance(document, list) else isinstance(document, float)


def refusal(heard: Heard) -> dict[str, Any]:
    """What must be there of a request that was refused; any success needs no word."""
    if heard.done:
        return {}
    return {"status": heard.status, **({"is": {"code": heard.code}} if heard.code else {})}


def why_left_out(heard: Heard, names: Names) -> str:
    """Empty for what can be done again."""
    if heard.status == BUSY or heard.status >= UNSURE:
        return f"it was answered {heard.status}, by chance"
    if TEMPLATE in f"{heard.path}{heard.parameters}{heard.body.decode(errors='replace')}":
        return "it holds what would be a template"
    if not readable(heard.body):
        return "its body is no text"
    parts = (names.filled(heard.document), names.filled(heard.parameters))
    if any(not HOLE.fullmatch(each) for part in parts for each in secret_values(part)):
        return "it holds a secret"
    return ""


def readable(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
