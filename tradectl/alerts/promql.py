"""The metrics that a PromQL expression reads, by their names; enough of its grammar for that."""

import re

STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`')
SELECTOR = re.compile(r"\{[^}]*\}")
RANGE = re.compile(r"\[[^\]]*\]|\boffset\s+-?\w+")
LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
NAME = re.compile(r"(?<![\w:$.])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])")
WORDS = frozenset({"and", "or", "unless", "bool", "inf", "nan"})
ENDINGS = ("_bucket", "_sum", "_count")
"""Of a histogram's series."""


def metrics(expression: str) -> frozenset[str]:
    """As written: a histogram's series with their endings."""
    left = STRING.sub('""', expression)
    for noise in (SELECTOR, RANGE, LABELS):
        left = noise.sub(" ", left)
    return frozenset(name for name in NAME.findall(left) if name.lower() not in WORDS)


def base(name: str, histograms: frozenset[str]) -> str:
    """The metric that a series is of."""
    for ending in ENDINGS:
        if name.endswith(ending) and name.removesuffix(ending) in histograms:
            return name.removesuffix(ending)
    return name
