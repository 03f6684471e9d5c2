"""tradectl.audit.lost"""

import time
from pathlib import Path

import pytest

from services.contracts.ids import new_id
from tests.unit.tradectl.audit.test_busts import TRADE
from tests.unit.tradectl.audit.test_withdrawals import Still
from tradectl.audit import lost
from tradectl.audit.difference import Difference
from tradectl.audit.lost import Lost
from tradectl.audit.report import audit
from tradectl.audit.snapshot import Snapshot

MAILS = "mails are deliveries"
HOUR = 3_600_000_000


def mail(identifier: str, found: str = "no row") -> Difference:
    return Difference("notifications.deliveries", f"{identifier}.mail", "a row for this mail", found)


def test_an_id_says_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000 * 1_000
    assert before <= lost.made_at(new_id()) <= time.time_ns() // 1_000
    assert [lost.made_at(text) for text in ("", "E0000000021", "u" * 26)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("since", "until", "is_explained"), [(-HOUR, HOUR, True), (-2 * HOUR, -HOUR, False), (HOUR, 2 * HOUR, False)]
)
def test_a_mail_that_went_out_in_the_lost_time_is_explained(since: int, until: int, is_explained: bool) -> None:
    now, sent = time.time_ns() // 1_000, mail(new_id())
    assert lost.explained(MAILS, sent, [Lost(now + since, now + until)]) is is_explained


def test_nothing_else_is() -> None:
    now = time.time_ns() // 1_000
    losses = [Lost(now - HOUR, now + HOUR)]
    assert not lost.explained(MAILS, mail(new_id(), found="another address"), losses)
    assert not lost.explained("fills are the venue's executions", mail(new_id()), losses)
    assert not lost.explained(MAILS, mail(new_id()), [])


def test_what_is_about_an_order_names_it() -> None:
    assert lost.about(Difference("orders.orders", "o1", "filled at the venue", "no row"), ["o1"])
    assert lost.about(Difference("orders.fills", "E1", "a row", "no row", ("E1", "o1")), ["o1"])
    assert not lost.about(Difference("orders.fills", "E1", "a row", "no row", ("E1", "o2")), ["o1"])


def test_losses_are_kept_and_the_last_one_is_told_what_is_left_of_it(tmp_path: Path) -> None:
    file = tmp_path / "losses.json"
    assert lost.read(file) == ()
    lost.note(file, Lost(1, 2))
    lost.note(file, Lost(3, 4))
    lost.left(file, ["o1", "o2"])
    assert lost.read(file) == (Lost(1, 2), Lost(3, 4, ("o1", "o2")))


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"since": 1}]'])
def test_what_cannot_be_read_explains_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "losses.json"
    file.write_text(text)
    assert lost.read(file) == ()


def test_an_audit_lists_such_mails_apart_and_counts_what_is_about_orders_that_are_left() -> None:
    now = time.time_ns() // 1_000
    sent = new_id()
    snapshot = Snapshot(mails=[{"message_id": f"<{sent}.mail@x>", "to": ["ann@x"], "subject": "s", "text": "t"}])
    snapshot.executions = [TRADE | {"cl_ord_id": f"{order}-1", "exec_id": f"E-{order}"} for order in ("o1", "o2")]
    still = Still(snapshot, True)
    before = audit(still)  # type: ignore[arg-type]
    still.losses = [Lost(now - HOUR, now + HOUR, ("o1",))]
    found = audit(still)  # type: ignore[arg-type]
    assert [each.difference.key for each in found.explained] == [f"{sent}.mail"]
    assert len(found.differences) == len(before.differences) - 1
    assert len(found.left) == sum("o1" in each.difference.about for each in before.differences) > 1
