"""The database's own programs (mysqldump, mysqlbinlog, mysql): beside this process, or in the database's image."""

from tradectl.backup.programs.login import Login
from tradectl.backup.programs.places import at, of_sandbox
from tradectl.backup.programs.programs import Programs

__all__ = ["Login", "Programs", "at", "of_sandbox"]
