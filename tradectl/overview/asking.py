"""A running sandbox, asked for one page."""

from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import Sandbox


def endpoints(sandbox: Sandbox) -> dict[str, str]:
    """The address of every port; TradectlError when the sandbox is not up."""
    return backend_of(sandbox).endpoints()


def door(sandbox: Sandbox, part: str) -> str:
    """A part's address; TradectlError when the sandbox is not up, or has no such part."""
    found = endpoints(sandbox).get(f"{part}.http")
    if found is None:
        said = f"sandbox {sandbox.name} has no part {part}"
        raise TradectlError(said, "it was started with --only; `tradectl ps` shows what it has", ExitCode.NOT_FOUND)
    return found


def ask(method: str, url: str, *, body: object = None, key: str = "", **query: str) -> Any:
    """A part's answer, behind the sandbox's key where one is given; TradectlError with its words when it refuses."""
    headers = {"x-internal-key": key} if key else None
    try:
        answer = http.request(method, url, query=query or None, body=body, headers=headers)
        document = answer.json() if answer.body else None
    except http.UnreachableError as error:
        raise TradectlError(f"no answer: {error}", "`tradectl ps` says how it is", ExitCode.NOT_UP) from error
    if answer.status == 404:
        raise TradectlError(_said(document) or "not found", exit_code=ExitCode.NOT_FOUND)
    if answer.status >= 400:
        raise TradectlError(_said(document) or f"refused with {answer.status}", exit_code=ExitCode.BAD_INPUT)
    return document


def _said(document: Any) -> str:
    detail = document.get("detail", "") if isinstance(document, dict) else ""
    if isinstance(detail, list):
        return "; ".join(str(each.get("msg", each)) for each in detail)
    return str(detail)
