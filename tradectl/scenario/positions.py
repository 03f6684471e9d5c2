"""YAML with the place of everything in it, so that an error names file, line and column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tradectl.errors import ExitCode, TradectlError

Loc = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Place:
    """Somewhere in a file; lines and columns count from one."""

    file: str
    line: int
    column: int

    def wrong(self, said: str) -> "Wrong":
        """What is wrong here."""
        return Wrong(self.file, self.line, self.column, said)


@dataclass(frozen=True, order=True)
class Wrong(Place):
    """One thing that is wrong, and where."""

    said: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.said}"


class WrongFiles(TradectlError):
    """Files that are no scenarios, all that is wrong with them by place."""

    def __init__(self, wrong: list[Wrong]) -> None:
        self.wrong = sorted(wrong)
        hint = "`tradectl scenario schema` says what may stand there; docs/guides/qa.md shows it"
        super().__init__("\n".join(map(str, self.wrong)), hint, ExitCode.USAGE)


@dataclass(frozen=True)
class Document:
    """A file's content, and the place of each key and item by the way to it."""

    file: Path
    content: Any
    places: dict[Loc, tuple[int, int]] = field(default_factory=dict)

    def place(self, way: Loc) -> Place:
        """Where that is, or the nearest that has a place."""
        while way not in self.places and way:
            way = way[:-1]
        line, column = self.places.get(way, (1, 1))
        return Place(str(self.file), line, column)

    def wrong(self, way: Loc, said: str) -> Wrong:
        """What is wrong there."""
        return self.place(way).wrong(said)


class Loader(yaml.SafeLoader):
    """YAML 1.2's plain words: no times, no `yes`, no numbers to the base of sixty."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", "~n"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), [*first])
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])
Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(str(node.value)))
Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: str(node.value))  # prices keep their digits


def read(file: Path) -> Document:
    """The file's one document; WrongFiles when it is no YAML."""
    try:
        loader = Loader(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongFiles([Wrong(str(file), 1, 1, f"cannot be read: {error}")]) from error
    places: dict[Loc, tuple[int, int]] = {}
    doubled: list[Wrong] = []
    try:
        node = loader.get_single_node()
        content = None if node is None else _built(loader, node, (), places, doubled)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise WrongFiles([Wrong(str(file), line, column, str(error.problem or error.context))]) from error
    except yaml.YAMLError as error:
        raise WrongFiles([Wrong(str(file), 1, 1, str(error))]) from error
    finally:
        loader.dispose()
    if doubled:
        raise WrongFiles([Wrong(str(file), each.line, each.column, each.said) for each in doubled])
    return Document(file, content, places)


def _built(loader: Loader, node: yaml.Node, way: Loc, places: dict[Loc, tuple[int, int]], wrong: list[Wrong]) -> Any:
    places.setdefault(way, _place(node))
    if isinstance(node, yaml.SequenceNode):
        return [_built(loader, each, (*way, i), places, wrong) for i, each in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return {
            key: _built(loader, value, (*way, key), places, wrong) for key, value in _keys(node, way, places, wrong)
        }
    return loader.construct_object(node, deep=True)


def _keys(
    node: yaml.MappingNode, way: Loc, places: dict[Loc, tuple[int, int]], wrong: list[Wrong]
) -> Iterator[tuple[str, yaml.Node]]:
    """A mapping's keys are text, and stand once."""
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem="a key must be a word", problem_mark=key.start_mark)
        name = str(key.value)
        if (*way, name) in places:
            wrong.append(Wrong("", *_place(key), f"{name} stands here twice"))
            continue
        places[*way, name] = _place(key)
        yield name, value


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
