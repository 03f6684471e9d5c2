"""Reports that no order of ours takes."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, delete

from services.kernel.inserts import new_only
from services.kernel.uow import UnitOfWork
from services.orders.domain.reports import Report
from services.orders.store.tables import unmatched_reports

FORGET = delete(unmatched_reports).where(unmatched_reports.c.order_id == bindparam("of_order"))
Unmatched = tuple[Report, str]
"""A report, and why nothing takes it."""


async def keep(uow: UnitOfWork, reports: Sequence[Unmatched]) -> None:
    """Write reports for the audit, each once; of a stranger's ids only as much as there is room for."""
    rows = [
        {
            "report_id": report.report_id[:80],
            "order_id": report.order_id[:64],
            "why": why,
            "document": msgspec.json.encode(report),
            "received": uow.wall,
        }
        for report, why in reports
    ]
    await uow.later(new_only(unmatched_reports, uow.connection.dialect.name), rows)


async def forget(uow: UnitOfWork, order_id: str) -> None:
    """An order takes them after all."""
    await uow.later(FORGET, {"of_order": order_id})
