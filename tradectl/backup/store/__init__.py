"""Where backups lie: a folder, or a bucket of any S3. One contract, tests/contract/backup, holds for both."""

from tradectl.backup.store.places import store_at
from tradectl.backup.store.store import LockedError, Store, Stored

__all__ = ["LockedError", "Store", "Stored", "store_at"]
