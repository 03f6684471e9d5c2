"""What Envoy says itself, in the platform's words: problem+json with the codes that the BFF uses.

A write that was sent and then lost is 504 `outcome_unknown`, as at the BFF: its client repeats it under the same key.
"""

from collections.abc import Iterator

from tradectl.edge.clusters import Json
from tradectl.edge.routes import READS

PROBLEM = "application/problem+json"
CODES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    408: "timeout",
    413: "too_large",
    426: "upgrade_required",
    429: "too_many_requests",
    431: "headers_too_large",
    503: "unavailable",
    504: "timeout",
}
LOST = ["UC", "UR", "UT", "SI"]
"""Response flags of a request that a BFF may have had: connection ended, reset, timed out, stream silent."""
UNKNOWN = "the answer was lost: repeat the request with the same key to learn what became of it"


def local_replies() -> Json:
    """The listener's ``local_reply_config``; the first mapper that fits is taken."""
    return {"mappers": list(_mappers()), "body_format": _problem("internal", 500)}


def _mappers() -> Iterator[Json]:
    calls = {"name": "content-type", "string_match": {"prefix": "application/grpc"}}
    yield {
        "filter": {"header_filter": {"header": calls}},
        "body_format_override": {"text_format_source": {"inline_string": "%LOCAL_REPLY_BODY%"}},
    }
    yield {
        "filter": {"and_filter": {"filters": [{"response_flag_filter": {"flags": LOST}}, _writes()]}},
        "status_code": 504,
        "body_format_override": _problem("outcome_unknown", 504, UNKNOWN),
    }
    for status, code in CODES.items():
        yield {"filter": _status(status), "body_format_override": _problem(code, status)}


def _writes() -> Json:
    return {"header_filter": {"header": {**READS, "invert_match": True}}}


def _status(status: int) -> Json:
    value = {"default_value": status, "runtime_key": f"edge.reply.{status}"}
    return {"status_code_filter": {"comparison": {"op": "EQ", "value": value}}}


def _problem(code: str, status: int, detail: str = "%LOCAL_REPLY_BODY%") -> Json:
    return {
        "json_format": {
            "type": f"urn:tradectl:{code}",
            "title": "%RESPONSE_CODE_DETAILS%",
            "status": status,
            "code": code,
            "detail": detail,
            "field": None,
            "request_id": "%REQ(X-REQUEST-ID)%",
        },
        "content_type": PROBLEM,
    }
