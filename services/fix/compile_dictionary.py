"""Writes data/fix44.json from data/FIX44.xml: `python -m services.fix.compile_dictionary`.

Reading the XML takes some 25 ms of every start, the JSON one. Members of messages, components and groups are in the
order of the standard: a tag, a negative tag where it is required, [tag, members] for a group, a name (with "!" before
it where it is required) for a component.
"""

import json
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

DATA = Path(__file__).parent / "data"
Member: TypeAlias = "int | str | list[object]"


def compile_dictionary(source: str) -> str:
    """The JSON text for the XML text."""
    root = ET.fromstring(source)  # noqa: S314 - our own file
    numbers = {field.attrib["name"]: int(field.attrib["number"]) for field in root.iterfind("fields/field")}
    compiled = {
        "fields": {
            field.attrib["number"]: [field.attrib["type"], *(value.attrib["enum"] for value in field)]
            for field in root.iterfind("fields/field")
        },
        "header": _members(root.find("header"), numbers),
        "trailer": _members(root.find("trailer"), numbers),
        "components": {part.attrib["name"]: _members(part, numbers) for part in root.iterfind("components/component")},
        "messages": {part.attrib["msgtype"]: _members(part, numbers) for part in root.iterfind("messages/message")},
    }
    return json.dumps(compiled, separators=(",", ":")).replace('],"', '],\n"') + "\n"


def _members(parent: ET.Element | None, numbers: dict[str, int]) -> list[Member]:
    members: list[Member] = []
    for part in () if parent is None else parent:
        name, required = part.attrib["name"], part.attrib["required"] == "Y"
        if part.tag == "component":
            members.append("!" + name if required else name)
            continue
        tag = -numbers[name] if required else numbers[name]
        members.append([tag, _members(part, numbers)] if part.tag == "group" else tag)
    return members


if __name__ == "__main__":
    (DATA / "fix44.json").write_text(compile_dictionary((DATA / "FIX44.xml").read_text()))
