"""The world as the journal has it: the last checkpoint, the commands after it, time up to the last commit."""

import msgspec

from sim.feeds.errors import FeedError
from sim.venue import checkpoint
from sim.venue.journal import Journal
from sim.venue.setup import Setup, feed_of
from sim.venue.world import World


class JournalError(Exception):
    """The journal contradicts itself; ``hint`` names the way out."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = "restore venue.db from a copy, or begin anew with another --name"


def recover(journal: Journal, wanted: Setup) -> World:
    """The market of this journal; a new one when the journal is empty. Another feed than before takes over here."""
    rows = journal.rows("meta", "WHERE name = 'setup'")
    if not rows:
        world = World(wanted, journal.archived)
        with journal.transaction():
            journal.put("meta", [("setup", msgspec.json.encode(wanted).decode())])
        world.begin()
        return world
    world = World(msgspec.json.decode(rows[0][1], type=Setup), journal.archived)
    replay(world, journal)
    kept = world.setup
    if (kept.feed, kept.at_end) != (wanted.feed, wanted.at_end):
        switch(world, msgspec.structs.replace(kept, feed=wanted.feed, at_end=wanted.at_end))
    return world


def replay(world: World, journal: Journal) -> None:
    """Do again what was done since the last checkpoint, and compare what came of it with the record."""
    commands, executions = start(world, journal)
    batch = 0
    try:
        for first, time, command in journal.commands_after(commands):
            if first != batch:
                world.catch_up(time)
            batch = first
            world.apply(command)
        for _, time, *_ in journal.rows("progress"):
            world.advance(time)
    except FeedError as error:
        raise JournalError(f"what was played cannot be played again: {error.message}") from error
    again = [each for each in world.taken().executions if each.number]
    for *_, seqs in journal.rows("progress"):
        for symbol, seq in msgspec.json.decode(seqs).items():
            world.markets[symbol].tape.seq = seq
    if again != journal.executions_after(executions):
        raise JournalError(f"the executions after number {executions} are not those that the commands give")


def start(world: World, journal: Journal) -> tuple[int, int]:
    """Set the world to the last checkpoint, or to its beginning; the numbers of command and execution there."""
    rows = journal.rows("checkpoints", "ORDER BY number DESC LIMIT 1")
    if not rows:
        world.begin()
        return 0, 0
    _, _, command, execution, document = rows[0]
    checkpoint.restore(world, document)
    return command, execution


def switch(world: World, setup: Setup) -> None:
    """Another recording, or another way to go on after it, from now on: a marked jump.

    The next checkpoint keeps the new setup; until then a start comes here again.
    """
    world.setup = setup
    for symbol, listing in world.listings.items():
        if listing.feed.kind == "recorded":
            market = world.markets[symbol]
            market.mark(f"feed changed to {setup.feed or 'the recording of the program'}")
            market.withdraw_feed()
            market.tape.turn("open")
            world.feeds[symbol] = feed_of(setup, listing, world.histories[symbol], world.now + 1)
