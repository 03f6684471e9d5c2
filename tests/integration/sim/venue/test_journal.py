"""The venue's journal of an earlier program."""

import sqlite3
from pathlib import Path

from sim.venue.journal import EXECUTION, Journal, schema, sealed
from sim.venue.orders import Execution


def execution(number: int) -> Execution:
    return Execution(
        number=number,
        exec_id=f"E{number}",
        kind="new",
        status="new",
        order_id="V1",
        sender="ORDERS",
        cl_ord_id="o1",
        account="ann",
        symbol="AAPL",
        side="buy",
        type="limit",
        tif="day",
        quantity=1,
        leaves=1,
        filled=0,
        value=0,
        time=7,
    )


def test_a_journal_without_busts_gets_their_column_and_keeps_its_seals(tmp_path: Path) -> None:
    before = EXECUTION[:-1]
    with sqlite3.connect(tmp_path / "venue.db") as connection:
        connection.execute(schema("executions", before))
        for number in (1, 2):
            row = sealed([getattr(execution(number), name) for name in before])
            connection.execute(f"INSERT INTO executions VALUES ({', '.join('?' * len(row))})", row)
        connection.execute("UPDATE executions SET account = 'bob' WHERE number = 2")
    connection.close()
    Journal(tmp_path / "venue.db").close()
    journal = Journal(tmp_path / "venue.db")
    first, second = journal.executions_after(0)
    rows = journal.connection.execute("SELECT * FROM executions ORDER BY number").fetchall()
    journal.close()
    assert first == execution(1)
    assert second.account == "bob"
    assert [sealed(row[:-1]) == row for row in rows] == [True, False]
