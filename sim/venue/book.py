"""One side of a book: the feed's levels, what was taken of them, and the orders that stand at a price.

A level's external size is the feed's; a taker's fill stays consumed until the feed updates that level. Orders stand
in a queue, each behind the external size that was shown when it came. Without a feed a level is its queue alone.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable

from sim.venue.live import Order

NOBODY = -1


class Resting:
    """What stands in a book: of a user's order, or of an agent by its number."""

    __slots__ = ("agent", "ahead", "leaves", "order", "price", "size")

    def __init__(self, price: int, size: int, *, order: Order | None = None, agent: int = NOBODY) -> None:
        self.price = price
        self.size = size
        self.leaves = size
        self.ahead = 0
        """External size that trades before this."""
        self.order = order
        self.agent = agent

    @property
    def hidden(self) -> int:
        """What of an iceberg is behind this."""
        return 0 if self.order is None or self.order.display is None else self.order.leaves - self.leaves


class Level:
    """A price at which more happened than the feed's size."""

    __slots__ = ("consumed", "queue", "shown", "standing")

    def __init__(self, shown: int) -> None:
        self.shown = shown
        self.consumed = 0
        self.queue: list[Resting] = []
        self.standing = 0
        """The sum of what the queue has left, kept because queues grow long."""

    @property
    def external(self) -> int:
        return self.shown - self.consumed

    @property
    def visible(self) -> int:
        return self.shown - self.consumed + self.standing

    def use(self, quantity: int, account: str) -> tuple[list[tuple[Resting | None, int]], int, bool]:
        """Take from the front, in time priority: matches (None is the feed's), external quantity among them, and

        whether an order of the taker's own account stopped it.
        """
        matches: list[tuple[Resting | None, int]] = []
        outside = 0
        for resting in self.queue:
            before = min(resting.ahead - outside, quantity)
            if before > 0:
                matches.append((None, before))
                outside += before
                quantity -= before
            if not quantity:
                break
            if resting.order is not None and resting.order.account == account:
                return matches, outside, True
            part = min(resting.leaves, quantity)
            resting.leaves -= part
            self.standing -= part
            quantity -= part
            matches.append((resting, part))
        return matches, outside, False

    def spend(self, outside: int) -> None:
        """After a use: who was filled leaves the front; the others have so much less external size before them."""
        done = next((place for place, resting in enumerate(self.queue) if resting.leaves), len(self.queue))
        del self.queue[:done]
        if outside:
            for resting in self.queue:
                resting.ahead = max(resting.ahead - outside, 0)


class Half:
    """Bids or asks. ``sizes`` is what everybody sees; ``levels`` only holds prices where somebody stands or took."""

    __slots__ = ("dirty", "keys", "levels", "sign", "sizes")

    def __init__(self, *, buy: bool) -> None:
        self.sign = 1 if buy else -1
        self.sizes: dict[int, int] = {}
        self.levels: dict[int, Level] = {}
        self.keys: list[int] = []
        """Prices times sign, ascending: the best is the last, where changing is cheap."""
        self.dirty: set[int] = set()

    def best(self) -> int | None:
        return self.keys[-1] * self.sign if self.keys else None

    def put(self, price: int, size: int) -> None:
        """Set the visible size of a price."""
        if size > 0:
            if price not in self.sizes:
                insort(self.keys, price * self.sign)
            self.sizes[price] = size
            self.dirty.add(price)
        elif price in self.sizes:
            del self.sizes[price]
            del self.keys[bisect_left(self.keys, price * self.sign)]
            self.dirty.add(price)

    def show(self, price: int, size: int) -> None:
        """The feed's word on a level: its size now, nothing of it consumed."""
        level = self.levels.get(price)
        if level is None:
            self.put(price, size)
            return
        level.shown, level.consumed = size, 0
        for resting in level.queue:
            resting.ahead = min(resting.ahead, size)
        self.settle(price, level)

    def update(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Show many levels; as `show`, but nothing is called for a level that is the feed's alone."""
        sizes, levels, keys, sign, dirty = self.sizes, self.levels, self.keys, self.sign, self.dirty
        for price, size in pairs:
            if price in levels:
                self.show(price, size)
            elif size > 0:
                if price not in sizes:
                    insort(keys, price * sign)
                sizes[price] = size
                dirty.add(price)
            elif price in sizes:
                del sizes[price]
                del keys[bisect_left(keys, price * sign)]
                dirty.add(price)

    def shown(self, price: int) -> int:
        """The feed's last word on a price."""
        level = self.levels.get(price)
        return self.sizes.get(price, 0) if level is None else level.shown

    def top(self, price: int, size: int) -> None:
        """The feed's best level: better ones of its own are gone. The same size again consumes nothing back."""
        edge = price * self.sign
        if self.keys and self.keys[-1] > edge:
            gone = self.keys[bisect_left(self.keys, edge + 1) :]
            for key in gone:
                if self.shown(key * self.sign):
                    self.show(key * self.sign, 0)
        if self.shown(price) != size:
            self.show(price, size)

    def replace(self, sizes: dict[int, int]) -> None:
        """The feed's whole side anew."""
        for price in [price for price in self.sizes if price not in sizes]:
            self.show(price, 0)
        for price, size in sizes.items():
            self.show(price, size)

    def settle(self, price: int, level: Level) -> None:
        """After a change of a level: forget it when it is the feed's alone again, and show what is visible."""
        if level.queue or level.consumed:
            self.levels[price] = level
        else:
            self.levels.pop(price, None)
        self.put(price, level.visible)

    def level(self, price: int) -> Level:
        """The level of a price, made when the feed alone stands there."""
        return self.levels.get(price) or Level(self.sizes.get(price, 0))

    def rest(self, resting: Resting) -> int:
        """Stand last at a price; returns the quantity before it."""
        level = self.level(resting.price)
        before = level.visible
        resting.ahead = level.external
        level.queue.append(resting)
        level.standing += resting.leaves
        self.settle(resting.price, level)
        return before

    def withdraw(self, resting: Resting) -> None:
        """Leave the queue."""
        level = self.levels[resting.price]
        level.queue.remove(resting)
        level.standing -= resting.leaves
        self.settle(resting.price, level)

    def reduce(self, resting: Resting, leaves: int) -> None:
        """Less than before at the same place in the queue."""
        level = self.levels[resting.price]
        level.standing -= resting.leaves - leaves
        resting.leaves = leaves
        self.settle(resting.price, level)

    def give(self, resting: Resting, quantity: int) -> None:
        """A part of what stands is gone, whatever stood before it."""
        self.reduce(resting, resting.leaves - quantity)
        if not resting.leaves:
            self.withdraw(resting)

    def take(self, price: int, quantity: int, account: str = "") -> tuple[list[tuple[Resting | None, int]], bool]:
        """An aggressor at a price: what it meets, and whether its own account's order stopped it."""
        level = self.level(price)
        matches, outside, barred = level.use(quantity, account)
        if not barred:
            rest = min(quantity - sum(part for _, part in matches), level.external - outside)
            if rest > 0:
                matches.append((None, rest))
                outside += rest
        level.consumed += outside
        level.spend(outside)
        self.settle(price, level)
        return matches, barred

    def print_at(self, price: int, quantity: int) -> list[tuple[Resting, int]]:
        """A recorded trade at a price: it uses up what stands before the orders there, then fills them."""
        level = self.levels.get(price)
        if level is None or not level.queue:
            return []
        matches, outside, _ = level.use(quantity, "")
        level.spend(outside)
        self.settle(price, level)
        return [(resting, part) for resting, part in matches if resting is not None]

    def beyond(self, price: int) -> list[Resting]:
        """Users' orders at better prices than this, best first: a trade at this price went through them."""
        edge = price * self.sign
        prices = sorted((p for p in self.levels if p * self.sign > edge), reverse=self.sign > 0)
        return [r for p in prices for r in self.levels[p].queue if r.order is not None]

    def reachable(self, limit: int, account: str) -> int:
        """What an aggressor of this account could take down to a limit: up to its own first order."""
        total = 0
        for key in reversed(self.keys):
            if key < limit * self.sign:
                break
            price = key * self.sign
            level = self.levels.get(price)
            for place, resting in enumerate(level.queue if level else ()):
                if resting.order is not None and resting.order.account == account:
                    return total + resting.ahead + sum(r.leaves for r in level.queue[:place]) if level else total
            total += self.sizes[price] + sum(resting.hidden for resting in level.queue) if level else self.sizes[price]
        return total

    def withdraw_feed(self) -> None:
        """Take away all external size and all agents' orders; users' orders stay."""
        for price in list(self.sizes):
            level = self.level(price)
            level.shown = level.consumed = 0
            level.queue = [resting for resting in level.queue if resting.order is not None]
            level.standing = sum(resting.leaves for resting in level.queue)
            for resting in level.queue:
                resting.ahead = 0
            self.settle(price, level)
        for price in [price for price, level in self.levels.items() if not level.queue]:
            del self.levels[price]
