"""What mails and pushes have in common: they are due, are tried, and something becomes of them."""

from sqlalchemy import Column, Select, Table, Update, bindparam, func, select, update


def due_now(table: Table) -> Select[int]:
    """How many are to be tried ``now``."""
    return select(func.count()).select_from(table).where(table.c.status == "pending", table.c.due <= bindparam("now"))


def settling(table: Table, channel: Column[str]) -> Update:
    """What became of one; where it has been tried as often, or is done with, it stays as it is."""
    return (
        update(table)
        .where(
            table.c.notification_id == bindparam("of_notification"),
            channel == bindparam("of_channel"),
            table.c.status == "pending",
            table.c.attempts < bindparam("tries"),
        )
        .values(
            status=bindparam("new_status"),
            attempts=bindparam("tries"),
            due=bindparam("next_due"),
            error=bindparam("why"),
        )
    )
