"""A page of metrics about audits, for Prometheus: what stays different, when it was looked last, how long that took."""

import time
from collections import Counter as Counted

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from services.contracts.metrics import audit as declared
from tradectl.audit.rules import RULES
from tradectl.audit.watching import Cut
from tradectl.errors import ExitCode, TradectlError

LOOPBACK = "127.0.0.1"


class Page:
    """``tell`` it of each cut."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        metrics = (declared.DIFFERENCES, declared.LAST, declared.TOOK)
        self._differences, self._last, self._took = (
            Gauge(each.name, each.text, each.labels, registry=self.registry) for each in metrics
        )
        self._audits = Counter(
            declared.AUDITS.name, declared.AUDITS.text, declared.AUDITS.labels, registry=self.registry
        )
        for rule in RULES:
            self._differences.labels(rule).set(0)

    def serve(self, address: str) -> None:
        """At ``PORT`` of this machine alone, or at ``HOST:PORT``; TradectlError where that cannot be."""
        host, _, port = address.rpartition(":")
        try:
            start_http_server(int(port), host or LOOPBACK, self.registry)
        except (ValueError, OSError, OverflowError) as error:
            hint = "a free port, such as 9464, or HOST:PORT"
            raise TradectlError(f"no page can be shown at {address}: {error}", hint, ExitCode.USAGE) from error

    def tell(self, cut: Cut) -> None:
        """What differed in the cut before, too, is a difference; what was not read says nothing of the books."""
        if cut.report is None:
            self._audits.labels("failed").inc()
            return
        self._audits.labels("differs" if cut.stays else "agrees").inc()
        found = Counted(finding.rule for finding in cut.stays)
        for rule in RULES:
            self._differences.labels(rule).set(found[rule])
        self._last.set(time.time())
        self._took.set(cut.report.seconds)
