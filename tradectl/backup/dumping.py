"""A server's schemas as one consistent dump, with the events of its last minutes."""

from collections.abc import Sequence
from functools import partial

from tradectl.backup import events, mysqldump
from tradectl.backup.laying import Laying
from tradectl.backup.manifest import Manifest
from tradectl.backup.packing import Flowing, Tapped
from tradectl.backup.programs import Programs
from tradectl.errors import ExitCode, TradectlError

DUMP, EVENTS = "mysql.sql", "events.jsonl"


def dump(laying: Laying, run: Programs, schemas: Sequence[str]) -> None:
    """Lay both, and say where the log goes on."""
    dumped = mysqldump.Dumped()
    pieces = run.output("mysqldump", *mysqldump.OPTIONS, "--databases", *schemas)
    laying.lay(DUMP, Tapped(Flowing(pieces), dumped.see, partial(_check_whole, dumped)), lambda: dumped.rows)
    laying.gtid, laying.log = dumped.gtid, dumped.log
    laying.server = run.answer("SELECT @@server_uuid")
    laying.lay(EVENTS, Flowing(events.lately(run, dumped)))


def schemas_of(made: Manifest) -> list[str]:
    """Those in the dump; each has a table."""
    return sorted({table.partition(".")[0] for table in made.piece(DUMP).rows})


def _check_whole(dumped: mysqldump.Dumped) -> None:
    """What ends before its last line is no dump, whatever its program says."""
    if not dumped.whole:
        raise TradectlError("the dump broke off", "`tradectl ps` says how the primary is", ExitCode.NOT_UP)
