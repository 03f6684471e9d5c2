"""Advisories in a file, for machines that reach no service of them: PyPA's advisory database, cut down to what we pin.

`python -m tradectl.release.scans.advisories CLONE` writes security/advisories.json anew from a clone of it.
"""

import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.git import Repository
from tradectl.release.scans.pins import Pin, pins

if TYPE_CHECKING:
    from packaging.version import Version

FILE = Path("security/advisories.json")
SOURCE = "https://github.com/pypa/advisory-database, CC-BY 4.0"


class Span(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Versions from one on, to before the fixed one or with the last one."""

    introduced: str
    fixed: str = ""
    last: str = ""


class Advisory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``versions`` are those that no span says."""

    id: str
    package: str
    aliases: list[str] = []
    said: str
    spans: list[Span] = []
    versions: list[str] = []

    @property
    def fixed(self) -> str:
        return ", ".join(each.fixed for each in self.spans if each.fixed) or "none yet"

    def affects(self, version: str) -> bool:
        there = _version(version)
        return version in self.versions or any(_within(there, each) for each in self.spans)


class Advisories(msgspec.Struct, frozen=True, kw_only=True):
    """``as_of`` is the day of the last change that is in them."""

    source: str
    as_of: str
    commit: str
    advisories: list[Advisory]

    def of(self, pin: Pin) -> Iterator[Advisory]:
        """Those that a pin is affected by."""
        for each in self.advisories:
            if each.package == pin.key and each.affects(pin.version):
                yield each


def read(root: Path) -> Advisories:
    """TradectlError where there is no such file, or it is none."""
    try:
        return msgspec.json.decode((root / FILE).read_bytes(), type=Advisories)
    except (OSError, msgspec.MsgspecError) as error:
        hint = "python -m tradectl.release.scans.advisories CLONE writes it"
        raise TradectlError(f"{FILE} cannot be read: {error}", hint, ExitCode.BAD_INPUT) from error


def gathered(clone: Repository, names: Iterable[str]) -> Advisories:
    """What a clone of PyPA's database has on these packages."""
    found = []
    for name in sorted(set(names)):
        listed = clone.run("ls-tree", "-r", "--name-only", "HEAD", "--", f"vulns/{name}").splitlines()
        found += [_advisory(name, msgspec.yaml.decode(clone.run("show", f"HEAD:{path}").encode())) for path in listed]
    as_of = clone.run("log", "-1", "--format=%cs")
    return Advisories(source=SOURCE, as_of=as_of, commit=clone.commit, advisories=[each for each in found if each])


def _advisory(name: str, document: dict[str, Any]) -> Advisory:
    affected = [each for each in document.get("affected", ()) if not document.get("withdrawn")]
    ranges = [span for each in affected for span in each.get("ranges", ()) if span["type"] == "ECOSYSTEM"]
    spans = [span for each in ranges for span in _spans(each["events"])]
    versions = [] if spans else [str(version) for each in affected for version in each.get("versions", ())]
    said = str(document.get("summary") or document.get("details", "")).split("\n")[0][:200]
    aliases = document.get("aliases", [])
    return Advisory(id=document["id"], package=name, aliases=aliases, said=said, spans=spans, versions=versions)


def _spans(events: list[dict[str, Any]]) -> Iterator[Span]:
    introduced = None
    for event in events:
        if "introduced" in event:
            introduced = str(event["introduced"])
            continue
        yield Span(
            introduced=introduced or "0", fixed=str(event.get("fixed", "")), last=str(event.get("last_affected", ""))
        )
        introduced = None
    if introduced is not None:
        yield Span(introduced=introduced)


@lru_cache(maxsize=4096)
def _version(text: str) -> "Version":
    from packaging.version import Version

    return Version(text)


def _within(there: "Version", span: Span) -> bool:
    if there < _version(span.introduced):
        return False
    if span.fixed:
        return there < _version(span.fixed)
    return not span.last or there <= _version(span.last)


def main() -> None:
    root = Path.cwd()
    written = gathered(Repository(Path(sys.argv[1])), (each.key for each in pins(root)))
    text = msgspec.json.format(msgspec.json.encode(written), indent=1)
    (root / FILE).write_bytes(text + b"\n")


if __name__ == "__main__":
    main()
