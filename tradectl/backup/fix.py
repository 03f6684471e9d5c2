"""The FIX session after a restore: the broker has heard numbers that our store has forgotten.

Ours goes on where the broker expects it, or he would end each session with "MsgSeqNum too low". What he expects is
read from his journal. The inbound number stays as restored: with the first
Logon all of his reports of the lost time are asked for again, and each counts once by its ExecID.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from tradectl.backup.programs import Programs

JOURNAL = "venue/venue.db"
CLIENT, SESSION = "ORDERS", "ORDERS-BROKER"


def expected(journal: Path) -> int | None:
    """The number that the broker waits for; None where no session ever was."""
    if not journal.exists():
        return None
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as connection:
        row = connection.execute("SELECT next_in FROM fix_session WHERE session = ?", (CLIENT,)).fetchone()
    return int(row[0]) if row else None


def resynchronise(journal: Path, primary: Programs) -> None:
    """Have the next session begin with that number; nothing is ever sent twice under one."""
    number = expected(journal)
    if number is not None:
        values = f"SET next_out = {number} WHERE session = '{SESSION}' AND next_out < {number}"
        primary.say(f"UPDATE orders.fix_sessions {values}")
