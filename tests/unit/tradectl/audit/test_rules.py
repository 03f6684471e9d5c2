"""Rules on rows made by hand; the whole audit on a running platform is in tests/e2e."""

from collections.abc import Iterator
from typing import Any

import pytest

from tradectl.audit import market, people, trading
from tradectl.audit.difference import Difference, disagreeing
from tradectl.audit.report import applied, compare
from tradectl.audit.snapshot import Snapshot, document

USER = {
    "id": "u1",
    "display_name": "Ann",
    "email": "ann@example.com",
    "language": "en",
    "roles": "trader",
    "blocked": False,
    "verified": 2,
    "created": 1,
}


def places(differences: Iterator[Difference]) -> list[str]:
    return [each.where for each in differences]


def auth(*log: dict[str, Any], **changed: Any) -> Snapshot:
    return Snapshot(tables={"auth": {"users": [USER | changed], "audit_log": list(log)}})


def test_an_empty_platform_has_no_differences() -> None:
    assert compare(Snapshot()) == set()


def test_of_two_places_that_disagree_both_are_named() -> None:
    first, second = disagreeing(("a.b", "c.d"), ("k", 1), (10, 20), ["u1"])
    assert (first.where, first.expected, first.found) == ("a.b", "20", "10")
    assert (second.where, second.expected, second.found) == ("c.d", "10", "20")
    assert {first.key, second.key} == {"k 1"}
    assert not places(disagreeing(("a.b", "c.d"), "k", (10, 10)))


def test_rows_that_make_no_sense_to_a_rule_are_a_difference() -> None:
    def rule(snapshot: Snapshot) -> Iterator[Difference]:
        yield Difference("a.b", "k", "1", "2")
        raise KeyError(str(snapshot.rows("orders.orders")))

    first, second = applied(rule, Snapshot())
    assert first.where == "a.b"
    assert (second.where, second.key) == ("audit", "rule")
    assert "KeyError" in second.found


def test_a_document_that_cannot_be_read_holds_nothing() -> None:
    assert document("e30=") == {}
    assert document("e30x") == {}


@pytest.mark.parametrize(
    ("changed", "log", "named"),
    [
        ({}, [], []),
        ({"roles": "admin"}, [], ["auth.users.roles"]),
        ({"roles": "admin", "verified": 1}, [], []),
        ({"roles": "admin"}, [("roles", "admin")], []),
        ({"roles": "trader"}, [("roles", "admin")], ["auth.users.roles"]),
        ({"blocked": True}, [], ["auth.users.blocked"]),
        ({"blocked": 1}, [("blocked", "true")], []),
        ({}, [("blocked", "true"), ("blocked", "false")], []),
    ],
)
def test_rights_are_as_the_log_says(changed: dict[str, Any], log: list[tuple[str, str]], named: list[str]) -> None:
    lines = [{"user_id": "u1", "field": field, "after": after} for field, after in log]
    assert places(people.rights_are_the_logs(auth(*lines, **changed))) == named


def test_a_copy_and_its_original_are_both_named() -> None:
    snapshot = auth()
    snapshot.tables["chat"] = {"members": [{"user_id": "u1", "display_name": "Anna"}]}
    assert places(people.members_are_users(snapshot)) == ["chat.members.display_name", "auth.users.display_name"]


def test_a_topic_knows_its_last_message() -> None:
    snapshot = auth()
    topic = {"topic_id": "t", "author_id": "u1", "created": 1, "messages": 2, "active": 7}
    messages = [
        {"message_id": name, "topic_id": "t", "author_id": "u1", "posted": at} for name, at in (("a", 5), ("b", 7))
    ]
    snapshot.tables["chat"] = {"topics": [topic], "messages": messages}
    assert not places(people.topics_count_messages(snapshot))
    topic["active"] = 6
    assert places(people.topics_count_messages(snapshot)) == ["chat.topics.active"]


def test_a_symbol_that_nobody_listed_is_named() -> None:
    snapshot = Snapshot(tables={"market_data": {"instruments": [], "progress": [{"symbol": "AAPL"}]}})
    assert places(market.symbols_are_followed(snapshot)) == ["market_data.progress"]


def order(updated: int, *times: int) -> Snapshot:
    """An order with lines of its history at these times."""
    told = {"order_id": "o1", "status": "new", "filled": 0, "reason": None}
    lines = [
        {**told, "number": number, "kind": "placed" if number == 1 else "accepted", "time": time}
        for number, time in enumerate(times, 1)
    ]
    row = {**told, "account_id": "u1", "entries": len(times), "created": times[0], "updated": updated}
    return Snapshot(tables={"orders": {"orders": [row], "history": lines}})


def test_an_order_was_updated_at_the_latest_of_its_times_though_a_killed_market_began_again_before_it() -> None:
    assert not places(trading.histories_are_whole(order(20, 10, 20)))
    assert not places(trading.histories_are_whole(order(10, 10, 7)))
    assert places(trading.histories_are_whole(order(7, 10, 7))) == ["orders.orders.updated"]


def test_a_cancel_that_the_venue_refused_is_a_line_of_the_history_although_fix_gives_it_no_exec_id() -> None:
    refused = {
        "kind": "cancel_rejected",
        "sender": "ORDERS",
        "exec_id": "E7",
        "number": 7,
        "cl_ord_id": "o1-2",
        "time": 20,
        "filled": 5,
        "reason": "too_late",
    }
    line = {
        "number": 3,
        "order_id": "o1",
        "entry_id": "o1-2:rejected",
        "kind": "cancel_rejected",
        "time": 20,
        "filled": 5,
    }
    told = Snapshot(tables={"orders": {"history": [line]}}, executions=[refused])
    assert not places(trading.history_is_the_venues(told))
    untold = Snapshot(tables={"orders": {"history": []}}, executions=[refused])
    assert places(trading.history_is_the_venues(untold)) == ["orders.history"]
    wrong = Snapshot(tables={"orders": {"history": [line | {"filled": 4}]}}, executions=[refused])
    assert places(trading.history_is_the_venues(wrong)) == ["orders.history.filled"]


def test_a_report_that_was_heard_after_a_later_one_shows_what_was_filled_by_then() -> None:
    told = {"sender": "ORDERS", "cl_ord_id": "o1-1", "time": 20}
    made = [
        told | {"kind": "new", "exec_id": "E1", "number": 1, "filled": 0},
        told | {"kind": "trade", "exec_id": "E2", "number": 2, "filled": 2},
    ]
    line = {"order_id": "o1", "time": 20, "filled": 2}
    fill, accepted = line | {"entry_id": "E2", "kind": "fill"}, line | {"entry_id": "E1", "kind": "accepted"}
    heard_late = {"orders": {"history": [fill | {"number": 1}, accepted | {"number": 2}]}}
    assert not places(trading.history_is_the_venues(Snapshot(tables=heard_late, executions=made)))
    in_order = {"orders": {"history": [accepted | {"number": 1}, fill | {"number": 2}]}}
    found = places(trading.history_is_the_venues(Snapshot(tables=in_order, executions=made)))
    assert found == ["orders.history.filled"]


def test_the_refused_cancel_of_an_order_that_never_came_says_nothing_of_its_terms() -> None:
    refused = {
        "kind": "cancel_rejected",
        "sender": "ORDERS",
        "exec_id": "E7",
        "number": 7,
        "cl_ord_id": "o1-2",
        "status": "rejected",
    }
    row = {"order_id": "o1", "account_id": "u1", "standing": "rejected", "quantity": 5}
    assert not places(
        trading.orders_stand_as_at_the_venue(Snapshot({"orders": {"orders": [row]}}, executions=[refused]))
    )


def test_an_order_that_the_broker_did_not_pass_on_is_no_execution_of_the_venue() -> None:
    line = {"number": 2, "order_id": "o1", "entry_id": "o1-1:refused", "kind": "rejected", "time": 20, "filled": 0}
    assert not places(trading.history_is_the_venues(Snapshot(tables={"orders": {"history": [line]}})))
