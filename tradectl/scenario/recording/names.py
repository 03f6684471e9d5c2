"""What stands in a scenario for the ids and addresses of this one run."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

ID = re.compile(r"(?=[0-9a-z-]*[0-9])[0-9a-z][0-9a-z-]{15,}", re.IGNORECASE)
"""What looks like the id of something: long, without a space, with a digit."""
CURSOR = "next"
"""A page's word for where the following one begins."""
WORD = re.compile(r"[^a-z0-9]+")
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TAKEN = {"env", "round", "seed", "day", "nobody", "any", "all"}


@dataclass
class Names:
    """``templates`` are by value: the name of the step that showed it first, and where it stood in its answer."""

    taken: set[str] = field(default_factory=lambda: set(TAKEN))
    templates: dict[str, tuple[str, str]] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)
    """By name: what of its answer is named later."""

    def new(self, wish: str) -> str:
        """A name that nothing has yet, as near to the wish as it can be."""
        base = WORD.sub("_", wish.lower()).strip("_") or "one"
        base = f"a_{base}" if base[0].isdigit() else base
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}_{number}", number + 1
        self.taken.add(name)
        return name

    def keep(self, name: str, answer: Any) -> None:
        """The ids of an answer may be named from now on; what an earlier step showed stays that step's."""
        for way, value in leaves(answer):
            if ID.fullmatch(value) or way.rpartition(".")[2] == CURSOR:
                self.templates.setdefault(value, (name, way))

    def stand_for(self, value: str, name: str, way: str) -> None:
        """A value that is named, whatever it looks like."""
        if value:
            self.templates.setdefault(value, (name, way))

    def forget(self, name: str) -> None:
        """A step that is left out shows nothing."""
        self.templates = {value: shown for value, shown in self.templates.items() if shown[0] != name}

    def filled(self, value: Any) -> Any:
        """The value with each known id in its words."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if isinstance(value, Mapping):
            return {name: self.filled(each) for name, each in value.items()}
        return value

    def _text(self, text: str) -> str:
        if text in self.templates:
            return self._template(text)
        inside = (each for each in self.templates if each in text and (ID.fullmatch(each) or "@" in each))
        for value in sorted(inside, key=len, reverse=True):
            text = text.replace(value, self._template(value))
        return text

    def _template(self, value: str) -> str:
        name, way = self.templates[value]
        self.used.setdefault(name, set()).add(way)
        return f"${{{name}.{way}}}" if way[:1] != "[" else f"${{{name}{way}}}"


def leaves(document: Any, way: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a document with the JMESPath to it."""
    if isinstance(document, str):
        yield way, document
    elif isinstance(document, Mapping):
        for name, value in document.items():
            step = name if PLAIN.fullmatch(str(name)) else json.dumps(str(name))
            yield from leaves(value, f"{way}.{step}" if way else step)
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from leaves(value, f"{way}[{number}]")
