"""The BFF's routes: which service each belongs to, and whether it needs a token."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.contracts.door import PUBLIC

OWN = "bff"
"""The service of pages that the BFF composes itself."""
SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._~:-]{1,64}", re.ASCII)
"""A path parameter: nothing that would have to be decoded, and nothing that leads elsewhere."""


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` is the service's own; outside it stands behind the prefix."""

    method: str
    path: str
    service: str
    token: bool = True

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.split("/")[1:])


def _of(service: str, *lines: str, token: bool = True) -> Iterator[Route]:
    for line in lines:
        methods, path = line.split()
        for method in methods.split(","):
            yield Route(method, path, service, token)


ROUTES: tuple[Route, ...] = (
    *_of(OWN, "GET /dashboard"),
    *_of("auth", *PUBLIC, token=False),
    *_of("auth", "POST /auth/logout", "POST /auth/logout-all", "GET,PATCH /me", "GET,PUT /me/watchlist"),
    *_of("auth", "GET /auth/sessions", "DELETE /auth/sessions/{session_id}"),
    *_of("auth", "GET,POST /auth/totp", "POST /auth/totp/confirm", "POST /auth/totp/remove"),
    *_of("auth", "GET /admin/users", "PATCH /admin/users/{user_id}"),
    *_of("market_data", "GET /instruments", "GET /quotes", "GET /quotes/{symbol}", "GET /book/{symbol}"),
    *_of("market_data", "GET /trades/{symbol}", "GET /candles/{symbol}"),
    *_of("orders", "GET,POST,DELETE /orders", "POST /orders/preview", "GET,PATCH,DELETE /orders/{order_id}"),
    *_of("orders", "GET /orders/{order_id}/explain"),
    *_of("portfolio", "GET /portfolio", "GET /portfolio/trades", "GET /portfolio/ledger"),
    *_of("portfolio", "GET /portfolio/performance", "GET /portfolio/statement"),
    *_of("portfolio", "POST /portfolio/deposits", "GET /portfolio/deposits/{deposit_id}"),
    *_of("portfolio", "GET,POST /portfolio/withdrawals", "GET /portfolio/withdrawals/{withdrawal_id}"),
    *_of("recommendations", "GET /signals", "GET /recommendations"),
    *_of("recommendations", "POST /analytics/backtest", "GET /analytics/popular"),
    *_of("chat", "GET,POST /chat/topics", "GET,PATCH /chat/topics/{topic_id}"),
    *_of("chat", "GET,POST /chat/topics/{topic_id}/messages", "POST /chat/messages/{message_id}/report"),
    *_of("chat", "GET /chat/reports", "PATCH /chat/reports/{report_id}", "GET /chat/moderation"),
    *_of("chat", "GET /chat/mutes", "PUT,DELETE /chat/mutes/{user_id}"),
    *_of("chat", "PUT,DELETE /chat/topics/{topic_id}/follow", "POST /chat/topics/{topic_id}/read"),
    *_of("chat", "GET /chat/followed", "GET /chat/unread", "GET /chat/search"),
    *_of("chat", "GET,PATCH,DELETE /chat/messages/{message_id}"),
    *_of("chat", "PUT,DELETE /chat/messages/{message_id}/reactions/{kind}"),
    *_of("notifications", "GET /notifications", "POST /notifications/read"),
    *_of("notifications", "GET,PUT /notifications/preferences", "GET /notifications/push-key"),
    *_of("notifications", "GET,POST /notifications/push-subscriptions"),
    *_of("notifications", "DELETE /notifications/push-subscriptions/{subscription_id}"),
    *_of("notifications", "GET,POST /alerts", "GET,DELETE /alerts/{alert_id}"),
)


def fits(wanted: str, segment: str) -> bool:
    """Whether a segment of a path is the wanted one, or a parameter's value."""
    return wanted == segment or (wanted.startswith("{") and SEGMENT.fullmatch(segment) is not None)


class Routes:
    """Finds the route of a request; exact paths by one look-up."""

    def __init__(self, routes: tuple[Route, ...] = ROUTES) -> None:
        self._exact: dict[str, dict[str, Route]] = {}
        self._patterns: dict[tuple[str, int], list[tuple[tuple[str, ...], dict[str, Route]]]] = {}
        for route in routes:
            self._by_method(route)[route.method] = route

    def find(self, path: str) -> dict[str, Route]:
        """Routes by method of a path (without the prefix, not decoded); empty when there is none."""
        exact = self._exact.get(path)
        if exact is not None:
            return exact
        segments = tuple(path.split("/")[1:])
        for pattern, methods in self._patterns.get((segments[0] if segments else "", len(segments)), ()):
            if all(
                want == have or (want[0] == "{" and SEGMENT.fullmatch(have))
                for want, have in zip(pattern, segments, strict=True)
            ):
                return methods
        return {}

    def _by_method(self, route: Route) -> dict[str, Route]:
        if "{" not in route.path:
            return self._exact.setdefault(route.path, {})
        candidates = self._patterns.setdefault((route.segments[0], len(route.segments)), [])
        for pattern, methods in candidates:
            if pattern == route.segments:
                return methods
        candidates.append((route.segments, {}))
        return candidates[-1][1]
