"""Where containers' networks lie: each in a place that is named, for an engine's own pools hold thirty networks of all.

The first two numbers of an address are given (TRADECTL_SUBNETS). Of the third, compose.yaml has the first eight, and a
sandbox any other four.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network

from tradectl.errors import ExitCode, TradectlError

VARIABLE = "TRADECTL_SUBNETS"
DEFAULT = "10.213"
BLOCK = 4
"""Of the third number, those that a sandbox takes: sixteen networks of 64 addresses."""
RESERVED = 2 * BLOCK
TWO = re.compile(r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)")


def prefix(environment: Mapping[str, str]) -> str:
    """The first two numbers; TradectlError where the variable names something else."""
    said = environment.get(VARIABLE) or DEFAULT
    if not TWO.fullmatch(said):
        hint = f"the first two numbers of private addresses: export {VARIABLE}={DEFAULT}"
        raise TradectlError(f"{VARIABLE}={said} names no addresses", hint, ExitCode.USAGE)
    return said


def chosen(first_two: str, taken: Iterable[IPv4Network], own: Iterable[IPv4Network] = ()) -> int:
    """The third number at which a sandbox's networks begin: where it has some, else any place that nobody has."""
    mine, others = list(own), list(taken)
    blocks = {third: IPv4Network(f"{first_two}.{third}.0/22") for third in range(RESERVED, 256, BLOCK)}
    for third, block in blocks.items():
        if any(block.overlaps(network) for network in mine):
            return third
    free = [third for third, block in blocks.items() if not any(block.overlaps(network) for network in others)]
    if not free:
        hint = f"`tradectl gc` removes what is left over; or name other addresses: export {VARIABLE}=10.214"
        raise TradectlError(f"no place is left in {first_two}.0.0/16 for its networks", hint, ExitCode.START_FAILED)
    # Of two that look at the same moment, each takes another one.
    return secrets.choice(free)


def routed(table: str) -> list[IPv4Network]:
    """Networks that this machine reaches, by /proc/net/route, but for the way to everywhere else."""
    rows = [line.split() for line in table.splitlines()[1:]]
    found = [IPv4Network((number(row[1]), number(row[7]).bit_count())) for row in rows if len(row) > 7]
    return [network for network in found if network.prefixlen]


def number(written: str) -> int:
    """An address as the table has it: hexadecimal, its last byte first."""
    return int.from_bytes(bytes.fromhex(written), "little")
