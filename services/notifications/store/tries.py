"""What mails and pushes have in common: they are due, are tried, and something becomes of them."""

from collections.abc import Collection

from sqlalchemy import Column, Select, Table, Update, bindparam, func, select, update


def due_now(table: Table) -> Select[int]:
    """How many are to be tried ``now``."""
    return select(func.count()).select_from(table).where(table.c.status == "pending", table.c.due <= bindparam("now"))


def again(table: Table, notification_ids: Collection[str] | None, now: int) -> Update:
    """What was given up is due anew, as if it had never been tried; all of it where none is named."""
    query = update(table).where(table.c.status == "dead")
    if notification_ids is not None:
        query = query.where(table.c.notification_id.in_(sorted(notification_ids)))
    return query.values(status="pending", attempts=0, due=now)


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
