"""prometheus.yml: who is scraped how often, which rules are looked at, and whom alerts are given to."""

from collections.abc import Iterable

from tradectl.alerts.document import text
from tradectl.alerts.targets import Job

HEAD = "Generated from the topology (`tradectl alerts config --compose` writes it anew)."
EVERY = "15s"
RULES = "rules/*.yml"
STORAGE = {"exemplars": {"max_exemplars": 10_000}}


def prometheus(jobs: Iterable[Job], alertmanager: str, *, every: str = EVERY) -> str:
    """``alertmanager`` is ``host:port``, ``every`` a duration as Prometheus writes it."""
    return text(
        {
            "global": {"scrape_interval": every, "scrape_timeout": shorter(every), "evaluation_interval": every},
            "rule_files": [RULES],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
            "storage": STORAGE,
            "scrape_configs": [job.document() for job in jobs],
        },
        HEAD,
    )


def shorter(every: str) -> str:
    """A scrape's time-out: ten seconds, where scrapes are not more frequent than that."""
    return "10s" if every == EVERY else every
