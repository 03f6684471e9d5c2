"""Leases: several processes of the service agree who does what one may do at a time."""

from alembic import op

from services.kernel.tables import create_leases

revision = "0002_leases"
down_revision = "0001_first"
mark = "expand"


def upgrade() -> None:
    create_leases(op.get_bind())
