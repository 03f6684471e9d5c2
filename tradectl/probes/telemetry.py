"""Prometheus, Loki, Jaeger and Alertmanager: what one answers to one request, and which variable says where it is."""

from collections.abc import Mapping
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http

RANGES = {"prometheus": "/api/v1/query_range", "loki": "/loki/api/v1/query_range"}


def variable(server: str) -> str:
    """The variable that says where it is."""
    return f"TRADECTL_{server.upper()}_URL"


def ask(
    server: str,
    base: str,
    path: str,
    query: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    body: object = None,
    missing: Any = None,
) -> Any:
    """Its answer's JSON, None where there is none; TradectlError when it does not answer or refuses.

    ``missing``, where one is given, is the answer when there is no such thing.
    """
    url = f"{base.rstrip('/')}{path}"
    try:
        answer = http.request(method, url, query=query, body=body)
        if answer.status < 400:
            return answer.json() if answer.body or method == "GET" else None
    except http.UnreachableError as error:
        hint = f"it runs in compose's profile telemetry; {variable(server)} says where else"
        raise TradectlError(f"{server} does not answer: {error}", hint, ExitCode.NOT_UP) from error
    if answer.status == 404 and missing is not None:
        return missing
    asked = (query or {}).get("query", url)
    said = answer.body[:300].decode(errors="replace").strip()
    code = ExitCode.NOT_UP if answer.status >= 500 else ExitCode.BAD_INPUT
    raise TradectlError(f"{server} refuses {asked}: {answer.status} {said}", exit_code=code)


def over(server: str, base: str, expression: str, begin: float, end: float, **more: str) -> Mapping[str, Any]:
    """What Prometheus or Loki finds for an expression from a second to another: the answer's ``data``."""
    query = {"query": expression, "start": f"{begin:.6f}", "end": f"{end:.6f}", **more}
    found: Mapping[str, Any] = ask(server, base, RANGES[server], query)["data"]
    return found
