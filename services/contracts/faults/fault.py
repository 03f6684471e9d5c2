"""A fault as it is asked for, and as it is."""

from collections.abc import Mapping

import msgspec

LONGEST = 3_600.0
"""Seconds that a fault may last."""

Value = float | str


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``seed`` names the stream from which chance is drawn; ``seconds`` are the wall's."""

    kind: str
    seconds: float
    seed: int = 1
    parameters: Mapping[str, Value] = {}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault that lasts from ``began`` until ``until`` (wall time, microseconds) unless it is cleared before."""

    id: str
    kind: str
    part: str
    parameters: Mapping[str, Value]
    seed: int
    began: int
    until: int
