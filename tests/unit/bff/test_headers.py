"""What is passed on, and to whom answers are shown."""

from services.bff.api.headers import Cors, passed_in, passed_out, with_ours

ORIGIN = b"https://trade.example"


def test_only_known_headers_reach_a_service() -> None:
    sent = [(b"authorization", b"Bearer x"), (b"x-internal-key", b"k"), (b"cookie", b"c"), (b"idempotency-key", b"i")]
    sent.append((b"user-agent", b"curl/8"))
    passed = {"authorization": "Bearer x", "idempotency-key": "i", "user-agent": "curl/8"}
    assert passed_in([*sent, (b"origin", ORIGIN)]) == (passed, ORIGIN)


def test_what_belongs_to_the_connection_is_not_passed_out() -> None:
    headers = {"content-type": "text/csv", "content-length": "3", "connection": "close", "x-request-id": "1"}
    assert passed_out(headers) == [(b"content-type", b"text/csv")]


def test_a_services_own_header_stands() -> None:
    headers = dict(with_ours([(b"cache-control", b"max-age=60"), (b"content-security-policy", b"sandbox")]))
    assert headers[b"cache-control"] == b"max-age=60"
    assert headers[b"content-security-policy"] == b"sandbox"
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_without_a_list_no_page_may_read() -> None:
    closed = Cors([])
    assert closed.headers(ORIGIN) == []
    assert closed.preflight(ORIGIN) is None


def test_a_page_on_the_list_may_read_and_no_other() -> None:
    cors = Cors([ORIGIN.decode()])
    assert (b"access-control-allow-origin", ORIGIN) in cors.headers(ORIGIN)
    assert cors.headers(b"https://evil.example") == cors.headers(None) == [(b"vary", b"Origin")]
    assert cors.preflight(b"https://evil.example") is None
    assert (b"vary", b"Origin") in (cors.preflight(ORIGIN) or [])
