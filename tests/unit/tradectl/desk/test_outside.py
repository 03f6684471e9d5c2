from tests.unit.tradectl.desk.wires import CannedWire, refusing
from tradectl.desk.outside import Outside

ENDPOINTS = {f"{name}.http": f"http://{name}" for name in ("clock", "venue", "broker", "orders")} | {"broker.fix": "x"}


def answering() -> CannedWire:
    return CannedWire(
        {
            "GET /clock": {"now": "2024-08-08T07:10:00Z", "speed": 1.0, "mode": "running"},
            "GET /feeds": {"items": [{"symbol": "AAPL", "kind": "agents", "time": "2024-08-08T07:10:00Z", "lag": 5}]},
            "GET /internal/fix": {"items": [{"session": "s", "number": 7, "text": "8=FIX.4.4|35=D|55=AAPL|"}]},
            "GET /internal/faults": {
                "items": [{"id": "f1", "kind": "fix.silent", "parameters": {}, "seed": 1, "began": 1, "until": 2}]
            },
            "GET /ready": {"status": "degraded", "service": "x", "checks": {"fix": "no session", "database": "ok"}},
        }
    )


async def test_one_look_has_all_of_it() -> None:
    facts = await Outside(answering(), ENDPOINTS, "secret").look()
    assert facts.clock is not None
    assert (facts.clock.mode, facts.feeds[0].symbol, facts.fix[0].number) == ("running", "AAPL", 7)
    assert {(part.status, part.missing) for part in facts.parts} == {("degraded", "fix: no session")}
    assert [part.name for part in facts.parts] == ["broker", "clock", "orders", "venue"]
    assert {fault.part for fault in facts.faults} == {"broker", "clock", "orders", "venue"}


async def test_who_does_not_answer_is_left_out() -> None:
    wire = answering()
    wire.answers |= {"GET /clock": refusing(503, "busy"), "GET /internal/faults": refusing(404, "not_found")}
    facts = await Outside(wire, ENDPOINTS, "secret").look()
    assert facts.clock is None
    assert facts.faults == []


async def test_internal_pages_are_opened_by_the_sandbox_s_key() -> None:
    wire = answering()
    await Outside(wire, ENDPOINTS, "secret").look()
    assert {headers.get("x-internal-key") for asked, _, headers in wire.asked if "internal" in asked} == {"secret"}
