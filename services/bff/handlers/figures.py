"""What the stream is measured by."""

from collections import Counter

from services.bff.handlers.feed import Feed
from services.bff.handlers.session import Sessions
from services.contracts.metrics import bff as declared
from services.runtime.metrics import Metrics


def measure(metrics: Metrics, sessions: Sessions, feed: Feed) -> None:
    """Have it on the page."""
    tally = sessions.tally
    metrics.gauge(declared.CONNECTIONS).read(lambda: len(sessions))
    metrics.gauge(declared.SUBSCRIPTIONS).read_all(lambda: followed(sessions))
    metrics.gauge(declared.QUEUED).read(lambda: sum(len(session.outbox) for session in sessions))
    metrics.counter(declared.MESSAGES).read(lambda: tally.messages)
    metrics.counter(declared.CONFLATED).read(lambda: tally.conflated)
    metrics.counter(declared.GIVEN_UP).read(lambda: tally.given_up)
    metrics.counter(declared.FRAMES).read(lambda: tally.frames)
    metrics.counter(declared.BYTES).read(lambda: tally.characters)
    metrics.counter(declared.CLOSED).read_all(lambda: {(str(code),): count for code, count in tally.closed.items()})
    metrics.counter(declared.FEED_MESSAGES).read(lambda: feed.taken)


def followed(sessions: Sessions) -> dict[tuple[str, ...], float]:
    """Subscriptions by the kind of their channel: symbols and topics are many, kinds are few."""
    kinds = Counter(channel.partition(":")[0] for session in sessions for channel in session.subscriptions)
    return {(kind,): count for kind, count in kinds.items()}
