"""What telemetry costs: one order's whole life with it and with TRADECTL_TELEMETRY=off, in two sandboxes, in turn."""

from contextlib import ExitStack

from tests.bench.figures import PAIRS, Figure, figure
from tests.bench.life import CLIENTS, lives
from tests.bench.sandbox import Sandbox, sandbox
from tests.bench.traders import Trader, trader

OFF = {"TRADECTL_TELEMETRY": "off"}


def measure() -> list[Figure]:
    """The ratio of pairs; which of the two is first changes from pair to pair."""
    with ExitStack() as stack:
        told, silent = (busy(stack.enter_context(sandbox(**environment))) for environment in ({}, OFF))
        ratios = []
        for number in range(PAIRS):
            first, second = (told, silent) if number % 2 == 0 else (silent, told)
            one, other = lives(*first), lives(*second)
            ratios.append(one / other if first is told else other / one)
    return [figure("an order's whole life with telemetry ÷ the same without", ratios, 1.1, "low")]


def busy(box: Sandbox) -> tuple[Sandbox, list[Trader]]:
    """With traders, and warm."""
    traders = [trader(box, {"USDT": "1000000"}) for _ in range(CLIENTS)]
    lives(box, traders)
    return box, traders
