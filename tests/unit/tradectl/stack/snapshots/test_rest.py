"""What is said of a platform that does not come to rest."""

from tradectl.errors import ExitCode
from tradectl.stack.snapshots.rest import unsettled


def test_everything_that_is_under_way_is_named() -> None:
    error = unsettled({"portfolio.queued": 2, "orders.unpublished": 1}, 30)
    assert error.message == "not at rest within 30 s: 1 orders.unpublished, 2 portfolio.queued"
    assert "--timeout" in error.hint
    assert error.exit_code is ExitCode.TIMEOUT


def test_dead_letters_are_not_waited_for_any_longer() -> None:
    assert "tradectl dlq" in unsettled({"chat.dead": 1}, 30).hint
