"""An image's packages of Debian, from what dpkg says of itself, as components of a bill of materials.

The usual program for it (syft) is one more to trust with an image; dpkg's own file has the same names and versions.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

INSTALLED = "install ok installed"
LICENCE = re.compile(r"^License:\s*(\S+)", re.MULTILINE)

Json = dict[str, Any]


def components(status: str, release: str, documents: Path | None = None) -> Iterator[Json]:
    """``status`` is /var/lib/dpkg/status, ``release`` VERSION_ID; ``documents`` is /usr/share/doc, where one is."""
    for stanza in status.split("\n\n"):
        fields = dict(_fields(stanza))
        if fields.get("Status") == INSTALLED:
            yield _component(fields, release, documents)


def _fields(stanza: str) -> Iterator[tuple[str, str]]:
    for line in stanza.splitlines():
        name, colon, value = line.partition(": ")
        if colon and not line.startswith(" "):
            yield name, value.strip()


def _component(fields: Mapping[str, str], release: str, documents: Path | None) -> Json:
    name, version = fields["Package"], fields["Version"]
    where = f"arch={fields['Architecture']}&distro=debian-{release}"
    purl = f"pkg:deb/debian/{quote(name, safe='')}@{quote(version, safe='')}?{where}"
    found = licences(documents / name / "copyright") if documents else []
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        **({"licenses": [{"license": {"name": each}} for each in found]} if found else {}),
    }


def licences(copyright: Path) -> list[str]:  # noqa: A002 (Debian's own name of the file)
    """What a file in Debian's form for machines says; nothing where it is in words alone, or not there."""
    if not copyright.is_file():
        return []
    return sorted(set(LICENCE.findall(copyright.read_text(encoding="utf-8", errors="replace"))))


def release_of(file: str) -> str:
    """VERSION_ID of /etc/os-release."""
    found = re.search(r'^VERSION_ID="?([^"\n]+)', file, re.MULTILINE)
    return found[1] if found else "unknown"
