"""The main job, proved."""

from tests.e2e.tool import Tool


def test_smoke_trades_once_and_every_step_holds_within_ten_seconds(platform: Tool) -> None:
    report = platform.ok("smoke", "--json").json
    assert report["ok"] is True
    assert report["seconds"] < 10
    assert {order["symbol"]: order["status"] for order in report["orders"]} == {"AAPL": "filled", "BTCUSDT": "filled"}
    assert {order["side"] for order in report["orders"]} == {"buy", "sell"}
    assert report["steps"][-1]["name"] == "audit"


def test_smoke_shows_a_table_of_what_happened(platform: Tool) -> None:
    out = platform.ok("smoke").out
    for seen in ("register", "mail with the code", "buy AAPL at market", "sell BTCUSDT at a limit", "filled", "audit"):
        assert seen in out


def test_the_audit_says_that_every_account_agrees_with_the_venue(platform: Tool) -> None:
    platform.ok("smoke", "--json")
    assert "every account agrees with the venue" in platform.ok("audit", "--settled").out
    document = platform.ok("audit", "--settled", "--json").json
    assert document["clean"] is True
    assert document["differences"] == document["in_flight"] == []
    assert document["counted"]["orders.fills"] > 0
    assert document["counted"]["venue.executions"] > 0
