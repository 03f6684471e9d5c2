"""The broker by REST, on real sockets."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from services.fix.messages import ExecutionReport
from tests.integration.sim.broker.client import FixClient, order
from tests.integration.sim.broker.desk import Desk, desk


async def place(broker: Desk, cl_ord_id: str, **terms: Any) -> httpx.Response:
    body = {"cl_ord_id": cl_ord_id, "account": "anna", "symbol": "AAPL", "side": "buy", "type": "market"}
    return await broker.rest.post("/orders", json={**body, "quantity": "10", **terms})


def resting(broker: Desk) -> dict[str, str]:
    return {"type": "limit", "limit_price": broker.far_below("AAPL")}


async def test_an_order_is_answered_by_what_the_venue_reported(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        answer = await place(broker, "r1")
        assert answer.status_code == 201
        kinds = [report["kind"] for report in answer.json()]
        assert (kinds[0], kinds[-1]) == ("new", "trade")
        assert answer.json()[-1]["status"] == "filled"
        assert (await broker.rest.get("/orders/r1")).json()["filled"] == 10


async def test_an_order_can_be_replaced_and_cancelled(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        await place(broker, "r1", **resting(broker))
        body = {"cl_ord_id": "r2", "symbol": "AAPL", "quantity": "25"}
        (replaced,) = (await broker.rest.put("/orders/r1", json=body)).json()
        assert (replaced["kind"], replaced["quantity"], replaced["orig_cl_ord_id"]) == ("replaced", 25, "r1")
        (standing,) = (await broker.rest.get("/orders")).json()
        assert (standing["cl_ord_id"], standing["leaves"]) == ("r2", 25)
        (cancelled,) = (await broker.rest.delete("/orders/r2")).json()
        assert (cancelled["kind"], cancelled["status"]) == ("cancelled", "cancelled")
        assert (await broker.rest.get("/orders")).json() == []


async def test_a_used_id_is_a_conflict(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        await place(broker, "r1")
        answer = await place(broker, "r1")
        assert (answer.status_code, answer.json()["code"]) == (409, "duplicate_order")


async def test_new_terms_under_a_used_id_are_a_conflict(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        await place(broker, "r1", **resting(broker))
        answer = await broker.rest.put("/orders/r1", json={"cl_ord_id": "r1", "symbol": "AAPL", "quantity": "5"})
        assert (answer.status_code, answer.json()["code"]) == (409, "duplicate_order")


async def test_the_record_has_every_senders_executions_without_a_hole(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await place(broker, "r1")
        await client.send(order("o1"))
        await client.hears(ExecutionReport, "o1", ord_status="2")
        record = (await broker.rest.get("/executions")).json()
        assert [line["number"] for line in record] == list(range(1, len(record) + 1))
        assert {line["sender"] for line in record} == {"REST", "ORDERS"}
        since = (await broker.rest.get("/executions", params={"since": 2, "limit": 1})).json()
        assert since == [record[2]]


async def test_a_fill_has_the_same_id_by_fix_and_in_the_record(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1"))
        await client.hears(ExecutionReport, "o1", ord_status="2")
        told = [report.exec_id for report in client.of(ExecutionReport, "o1", exec_type="F")]
        record = (await broker.rest.get("/executions")).json()
        assert told == [line["exec_id"] for line in record if line["kind"] == "trade"]


async def test_an_order_placed_by_fix_is_found_under_its_sender(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1"))
        await client.hears(ExecutionReport, "o1", ord_status="2")
        assert (await broker.rest.get("/orders/o1")).status_code == 404
        found = (await broker.rest.get("/orders/o1", params={"sender": "ORDERS"})).json()
        assert (found["status"], found["account"]) == ("filled", "anna")


async def test_an_account_is_opened_when_it_is_first_named(tmp_path: Path) -> None:
    async with desk(tmp_path, broker_most="100") as broker:
        await place(broker, "r1")
        await place(broker, "r2", account="bob")
        await place(broker, "r3")
        accounts = (await broker.rest.get("/accounts")).json()
        assert [(account["account"], account["most"]) for account in accounts] == [("anna", 100), ("bob", 100)]
    async with desk(tmp_path) as again:
        assert len((await again.rest.get("/accounts")).json()) == 2


async def test_an_operator_bounds_an_account_by_both_doors_and_blocks_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        assert (await broker.rest.put("/accounts/anna", json={"most": 5})).status_code == 404
        await place(broker, "r1", **resting(broker))
        assert (await broker.rest.put("/accounts/anna", json={"most": 5})).json()["most"] == 5
        assert (await place(broker, "r2")).json()["code"] == "order_limit"
        assert (await place(broker, "r3", account="bob")).status_code == 201
        await client.send(order("o1"))
        assert (await client.hears(ExecutionReport, "o1", ord_status="8")).text == "order_limit"
        body = {"cl_ord_id": "r4", "symbol": "AAPL", "quantity": "6"}
        assert (await broker.rest.put("/orders/r1", json=body)).json()["code"] == "order_limit"
        assert (await broker.rest.put("/accounts/anna", json={"blocked": True})).json()["blocked"] is True
        assert (await place(broker, "r5", quantity="1")).json()["code"] == "account_blocked"
        await client.send(order("o2", order_qty="1"))
        assert (await client.hears(ExecutionReport, "o2", ord_status="8")).text == "account_blocked"
        assert (await broker.rest.delete("/orders/r1")).json()[0]["kind"] == "cancelled"
    async with desk(tmp_path) as again:
        anna = next(each for each in (await again.rest.get("/accounts")).json() if each["account"] == "anna")
        assert anna["blocked"] is True
        await again.rest.put("/accounts/anna", json={})
        assert (await place(again, "r6")).status_code == 201


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"symbol": "NOPE"}, "unknown_symbol"),
        ({"quantity": "1.5"}, "off_lot"),
        ({"quantity": "101"}, "order_limit"),
        ({"type": "limit", "limit_price": "1.005"}, "off_tick"),
    ],
)
async def test_what_cannot_be_passed_on_is_refused_with_its_code(
    tmp_path: Path, terms: dict[str, str], code: str
) -> None:
    async with desk(tmp_path, broker_most="100") as broker:
        answer = await place(broker, "r1", **terms)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "terms",
    [
        {"colour": "red"},
        {"quantity": 10},
        {"quantity": "-1"},
        {"quantity": "1e3"},
        {"side": "short"},
        {"account": ""},
        {"cl_ord_id": "no spaces"},
        {"tif": None},
    ],
)
async def test_a_malformed_order_is_unprocessable(tmp_path: Path, terms: dict[str, object]) -> None:
    async with desk(tmp_path) as broker:
        answer = await place(broker, str(terms.pop("cl_ord_id", "r1")), **terms)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_body_that_is_no_text_is_malformed(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        answer = await broker.rest.post("/orders", content=b"\xff", headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("key", ["", "wrong"])
async def test_without_the_key_nothing_is_open(tmp_path: Path, key: str) -> None:
    async with desk(tmp_path) as broker:
        broker.rest.headers["X-API-Key"] = key
        assert (await place(broker, "r1")).status_code == 401
        assert (await broker.rest.get("/executions")).status_code == 401


async def test_the_sandboxs_key_opens_it_as_an_internal_page(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        key = broker.rest.headers.pop("X-API-Key")
        answer = await broker.rest.get("/executions", headers={"X-Internal-Key": key})
        assert answer.status_code == 200


async def test_what_it_takes_and_answers_is_described(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        document = (await broker.rest.get("/openapi.json")).json()
        assert document["components"]["schemas"]["OrderRequest"]["additionalProperties"] is False
        answer = document["paths"]["/executions"]["get"]["responses"]["200"]["content"]["application/json"]
        assert "exec_id" in answer["schema"]["items"]["properties"]


async def test_executions_are_found_by_their_ids(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        await place(broker, "r1")
        record = (await broker.rest.get("/executions")).json()
        wanted = [record[0]["exec_id"], record[-1]["exec_id"]]
        named = await broker.rest.get("/executions/named", params={"exec_id": [*wanted, "E9999999999", "nonsense"]})
        assert named.json() == [record[0], record[-1]]
        assert (await broker.rest.get("/executions/named")).status_code == 422


async def test_a_trade_is_busted_once_and_its_order_told_of_it_by_fix(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1"))
        await client.hears(ExecutionReport, "o1", ord_status="2")
        trade = client.of(ExecutionReport, "o1", exec_type="F")[-1]
        path = f"/executions/{trade.exec_id}/bust"
        (bust,) = (await broker.rest.post(path, json={})).json()
        assert (bust["kind"], bust["exec_ref"], bust["reason"]) == ("busted", trade.exec_id, "trade_busted")
        told = await client.hears(ExecutionReport, "o1", exec_type="H")
        assert (told.exec_id, told.exec_ref_id, told.ord_status) == (bust["exec_id"], trade.exec_id, "4")
        again = await broker.rest.post(path, json={})
        assert (again.status_code, again.json()["code"]) == (409, "already_amended")


async def test_a_busted_trade_is_busted_after_a_restart_too(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        trade = (await place(broker, "r1")).json()[-1]
        before = (await broker.rest.post(f"/executions/{trade['exec_id']}/bust", json={})).json()
    async with desk(tmp_path) as again:
        path = f"/executions/{trade['exec_id']}/correct"
        assert (await again.rest.post(path, json={"price": "1.00"})).json()["code"] == "already_amended"
        assert (await again.rest.get("/orders/r1")).json()["filled"] == before[0]["filled"]


async def test_both_orders_of_a_trade_are_corrected(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        await place(broker, "r1", type="limit", limit_price=broker.top("AAPL"), quantity="5")
        reports = (await place(broker, "r2", account="bob", side="sell", quantity="5")).json()
        trade = next(each for each in reports if each["kind"] == "trade")
        corrected = (await broker.rest.post(f"/executions/{trade['exec_id']}/correct", json={"quantity": "3"})).json()
        assert {(each["cl_ord_id"], each["filled"], each["status"]) for each in corrected} == {
            ("r1", 3, "cancelled"),
            ("r2", 3, "cancelled"),
        }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "nothing_new"),
        ({"quantity": "11"}, "more_than_traded"),
        ({"quantity": "0"}, "off_lot"),
        ({"price": "1.005"}, "off_tick"),
        ({"price": "0"}, "off_tick"),
        ({"prize": "1"}, "invalid"),
    ],
)
async def test_wrong_terms_of_a_correction_are_refused(tmp_path: Path, body: dict[str, str], code: str) -> None:
    async with desk(tmp_path) as broker:
        trade = (await place(broker, "r1")).json()[-1]
        answer = await broker.rest.post(f"/executions/{trade['exec_id']}/correct", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert (await broker.rest.post("/executions/E9999999999/bust", json={})).status_code == 404
        assert (await broker.rest.post("/executions/E0000000001/bust", json={})).status_code == 404


async def test_an_iceberg_shows_its_part_alone(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        price = broker.top("AAPL")
        before = dict(broker.venue.snapshot("AAPL").bids)
        await place(broker, "r1", type="limit", limit_price=price, quantity="50", display_quantity="10")
        (shown,) = {(at, size - before.get(at, 0)) for at, size in broker.venue.snapshot("AAPL").bids} - {
            (at, 0) for at in before
        }
        assert shown[1] == 10
        assert (await broker.rest.get("/orders/r1")).json()["leaves"] == 50
        refused = await place(broker, "r2", quantity="50", display_quantity="10")
        assert [report["reason"] for report in refused.json()] == ["display_quantity"]
