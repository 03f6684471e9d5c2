"""WebSockets become steps: what is subscribed, and what of that which was heard must come again."""

from typing import Any

import yaml

from tests.unit.tradectl.scenario.recording.test_translation import (
    ANN,
    ORDER,
    OTHER,
    TERMS,
    asked,
    entering,
    order,
    token,
)
from tradectl.scenario.recording.heard import Heard
from tradectl.scenario.recording.translation import Translation

FIRST, SECOND = object(), object()
MINE = token(ANN)
LOOK = asked("GET", "/portfolio", None, 200, {"cash": []})


def begun() -> Translation:
    """Somebody has entered."""
    made = Translation()
    hear(made, *entering())
    return made


def hear(made: Translation, *heard: Heard) -> None:
    for each in heard:
        made.hear(each)


def follow(made: Translation, *channels: str, socket: object = FIRST) -> None:
    made.listening.asked(socket, MINE, {"op": "subscribe", "channels": list(channels)})


def say(made: Translation, channel: str, data: Any = None, kind: str = "delta", **others: Any) -> None:
    made.listening.said(FIRST, MINE, [{"channel": channel, "type": kind, "data": data, **others}])


def steps(made: Translation) -> list[Any]:
    """Those after somebody has entered, and before his books."""
    found: list[Any] = yaml.safe_load(made.file("Something that was done once.", []))["steps"]
    return found[2:-1]


def test_a_subscription_is_a_step_and_its_snapshot_is_that_steps() -> None:
    made = begun()
    follow(made, "orders", "quotes:AAPL")
    say(made, "orders", {"items": []}, "snapshot")
    assert steps(made) == [{"subscribe": {"actor": "ann", "channels": ["orders", "quotes:AAPL"]}}]


def test_what_an_order_had_become_before_the_next_act_is_expected_there() -> None:
    made = begun()
    follow(made, "orders")
    hear(made, asked("POST", "/orders", TERMS, 201, order("pending_new")))
    for status in ("pending_new", "new", "partially_filled", "filled"):
        say(made, "orders", {"event": status, "order": order(status), "fill": None})
    hear(made, LOOK)
    _, place, heard, look = steps(made)
    assert place["as"] == "buy_aapl"
    wanted = {"type": "delta", "data.order.id": "${buy_aapl.id}", "data.order.status": "filled"}
    assert heard == {"expect": {"message": "orders", "actor": "ann", "is": wanted}, "within": 60}
    assert next(iter(look)) == "call"


def test_what_happened_to_others_or_by_chance_is_not_expected() -> None:
    made = begun()
    follow(made, "orders", "signals", "notifications")
    say(made, "orders", {"order": order("filled", OTHER)})
    say(made, "signals", {"id": OTHER, "symbol": "AAPL"})
    say(made, "notifications", {"id": OTHER, "kind": "alert_price_above"})
    say(made, "quotes:IBM", {"bid": "1"})
    assert len(steps(made)) == 1


def test_an_orders_notification_is_expected_by_its_kind() -> None:
    made = begun()
    follow(made, "notifications")
    say(made, "notifications", {"id": OTHER, "kind": "order_filled"})
    assert steps(made)[1]["expect"]["is"] == {"type": "delta", "data.kind": "order_filled"}


def test_that_a_market_channel_moves_is_expected_once() -> None:
    made = begun()
    follow(made, "quotes:AAPL")
    for _ in range(3):
        say(made, "quotes:AAPL", {"bid": "1"})
        hear(made, LOOK)
    assert [next(iter(each)) for each in steps(made)] == ["subscribe", "expect", "call"]


def test_a_message_that_a_step_posted_goes_by_that_step() -> None:
    made = begun()
    hear(made, asked("POST", "/chat/topics", {"title": "Here"}, 201, {"id": OTHER}))
    follow(made, f"chat:{OTHER}")
    hear(made, asked("POST", f"/chat/topics/{OTHER}/messages", {"text": "hello"}, 201, {"id": ORDER}))
    say(made, f"chat:{OTHER}", {"id": ORDER, "topic_id": OTHER, "author_id": ANN, "text": "hello"})
    _, subscribe, _, heard = steps(made)
    assert subscribe["subscribe"]["channels"] == ["chat:${call.id}"]
    assert heard["expect"]["message"] == "chat:${call.id}"
    assert heard["expect"]["is"]["data.id"] == "${call_2.id}"


def test_a_refusal_is_expected_by_its_code() -> None:
    made = begun()
    follow(made, "quotes:NOPE")
    say(made, "quotes:NOPE", kind="error", code="unknown_symbol", detail="no")
    assert steps(made)[1]["expect"]["is"] == {"type": "error", "code": "unknown_symbol"}


def test_the_end_of_a_socket_is_a_step_or_expected_by_its_code() -> None:
    left, thrown = begun(), begun()
    for made, code in ((left, None), (thrown, 4401)):
        follow(made, "orders")
        made.listening.closed(FIRST, MINE, code)
    assert steps(left)[1] == {"disconnect": {"actor": "ann"}}
    wanted = {"message": "connection", "actor": "ann", "is": {"type": "closed", "code": 4401}}
    assert steps(thrown)[1] == {"expect": wanted, "within": 60}


def test_two_sockets_of_one_user_are_one_and_end_with_the_last() -> None:
    made = begun()
    follow(made, "orders")
    follow(made, "orders", "signals", socket=SECOND)
    made.listening.closed(FIRST, MINE, None)
    made.listening.closed(SECOND, MINE, None)
    assert steps(made) == [
        {"subscribe": {"actor": "ann", "channels": ["orders"]}},
        {"subscribe": {"actor": "ann", "channels": ["signals"]}},
        {"disconnect": {"actor": "ann"}},
    ]


def test_what_no_step_can_say_is_left_out_and_said() -> None:
    made = begun()
    made.listening.asked(FIRST, MINE, {"op": "unsubscribe", "channels": ["orders"]})
    follow(made, f"chat:{OTHER}", "${x}")
    made.listening.asked(FIRST, "no token", {"op": "subscribe", "channels": ["orders"]})
    assert steps(made) == []
    assert made.left_out == [
        "a WebSocket's message: it is no subscription of somebody whose token is good",
        "a WebSocket's message: chat: it is of before the recording",
        "a WebSocket's message: it asked for what is no channel",
    ]
