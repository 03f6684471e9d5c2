"""A part's /metrics page, as Prometheus would read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tradectl.probes import http


@dataclass(frozen=True)
class Sample:
    """One line of the page."""

    name: str
    labels: Mapping[str, str]
    value: float


def samples(url: str) -> list[Sample]:
    """Those of the part at this address; UnreachableError when it shows none."""
    answer = http.get(f"{url}/metrics")
    if answer.status != 200:
        raise http.UnreachableError(f"{url}/metrics answered {answer.status}")
    return parsed(answer.body.decode())


def parsed(page: str) -> list[Sample]:
    """Each sample of a page in Prometheus's text format; UnreachableError when it is none."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        families = list(text_string_to_metric_families(page))
    except ValueError as error:
        raise http.UnreachableError(f"no page of metrics: {error}") from error
    return [Sample(each.name, each.labels, each.value) for family in families for each in family.samples]
