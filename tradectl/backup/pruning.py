"""What retention lets go is removed: manifest first, so that half a backup is none."""

from dataclasses import dataclass, field

from tradectl.backup import catalogue, logs, manifest
from tradectl.backup.catalogue import place
from tradectl.backup.retention import Policy, superfluous
from tradectl.backup.store import LockedError, Store


@dataclass
class Pruned:
    """Ids that went, ids that their store keeps locked with the time until then, and what else was removed."""

    removed: list[str] = field(default_factory=list)
    locked: dict[str, str] = field(default_factory=dict)
    unfinished: int = 0
    logs: int = 0


def prune(store: Store, sandbox: str, policy: Policy, *, dry: bool = False) -> Pruned:
    """Remove backups, what never became one, and binary logs from before the oldest one left.

    The log in which a backup was made stays whole: a restore reads it from its begin.
    """
    backups, done = catalogue.every(store, sandbox), Pruned()
    for each in superfluous([backup.kept for backup in backups], policy):
        try:
            if not dry:
                _remove(store, place(sandbox, each.id))
            done.removed.append(each.id)
        except LockedError as error:
            done.locked[each.id] = str(error)
    left = [backup.manifest for backup in backups if backup.manifest.id not in done.removed]
    needed = {made.server: made.log for made in reversed(left) if made.log}
    old = logs.superfluous(store, sandbox, min((made.taken for made in left), default=0), needed)
    rest = list(catalogue.unfinished(store, sandbox))
    for keys, what in ((old, "logs"), (rest, "unfinished")):
        setattr(done, what, sum(1 for key in keys if dry or _gone(store, key)))
    return done


def _remove(store: Store, where: str) -> None:
    keys = [stored.key for stored in store.list(where)]
    for key in sorted(keys, key=lambda key: not key.endswith(f"/{manifest.NAME}")):
        store.remove(key)


def _gone(store: Store, key: str) -> bool:
    try:
        store.remove(key)
    except LockedError:
        return False
    return True
