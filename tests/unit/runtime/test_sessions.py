from typing import ClassVar, NamedTuple

from services.runtime.metrics import Metrics
from services.runtime.sessions import Named, measure


class Numbers(NamedTuple):
    next_in: int
    next_out: int


class End:
    """One end of a session."""

    logged_on = True
    logons = 2
    numbers = Numbers(7, 9)
    counts: ClassVar = {("in", "8"): 5, ("out", "D"): 3, ("out", "2"): 1, ("in", "made up"): 1, ("in", "too"): 1}


def test_a_session_shows_its_numbers_and_messages() -> None:
    metrics = Metrics("orders")
    measure(metrics, lambda: [Named("BROKER", End())])
    page = metrics.text().decode()
    assert 'fix_session_up{session="BROKER"} 1.0' in page
    assert 'fix_next_sequence_number{direction="out",session="BROKER"} 9.0' in page
    assert 'fix_messages_total{direction="in",session="BROKER",type="8"} 5.0' in page
    assert 'fix_resend_requests_total{session="BROKER"} 1.0' in page


def test_types_that_a_peer_made_up_are_counted_together() -> None:
    metrics = Metrics("orders")
    measure(metrics, lambda: [Named("BROKER", End())])
    assert 'fix_messages_total{direction="in",session="BROKER",type="other"} 2.0' in metrics.text().decode()
