"""A file becomes a scenario; what is wrong is told with its place, all of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from tradectl.scenario.model import Scenario, Step
from tradectl.scenario.model.step import Steps
from tradectl.scenario.model.words import Part
from tradectl.scenario.names import check_names
from tradectl.scenario.planned import Planned, walk
from tradectl.scenario.positions import Document, Loc, Wrong, WrongFiles, read

P = TypeVar("P", bound=Part)
SUFFIX = ".yaml"
NEAR = 0.6
"""How alike words must be: limit_price and limit are 0.63, subject and subscribe 0.5."""


@dataclass(frozen=True)
class Loaded:
    """``name`` is how it goes in reports: group and file; ``files`` are all that it was read from."""

    name: str
    file: Path
    scenario: Scenario
    steps: Sequence[Planned]
    files: frozenset[Path]

    @property
    def feed(self) -> Path | None:
        """The recording that it wants."""
        return None if self.scenario.feed is None else (self.file.parent / self.scenario.feed).resolve()


@dataclass
class Reading:
    """What was read so far, and what was wrong with it."""

    wrong: list[Wrong] = field(default_factory=list)
    files: set[Path] = field(default_factory=set)


def load(file: Path) -> Loaded:
    """WrongFiles with everything that is wrong."""
    reading = Reading()
    document = read(file)
    reading.files.add(file.resolve())
    scenario = parsed(Scenario, document)
    steps = plan(scenario.steps, document, ("steps",), reading, (file.resolve(),))
    reading.wrong += check_names(scenario, steps, document)
    loaded = Loaded(name_of(file), file, scenario, steps, frozenset(reading.files))
    if loaded.feed is not None and not loaded.feed.is_file():
        reading.wrong.append(document.wrong(("feed",), f"there is no file {loaded.feed}"))
    if reading.wrong:
        raise WrongFiles(reading.wrong)
    return loaded


def name_of(file: Path) -> str:
    """Group and file, as ``fills/market-buy``; of a file that lies alone, the file."""
    group = file.resolve().parent.name
    return f"{group}/{file.stem}"


def parsed(model: type[P], document: Document) -> P:
    """The document as this model; WrongFiles with each place that does not fit."""
    if not isinstance(document.content, dict):
        raise WrongFiles([document.wrong((), "a scenario is a mapping: `scenario:`, `actors:`, `steps:`")])
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        raise WrongFiles(
            [document.wrong(way_of(each["loc"], document), said(each["msg"], each["loc"])) for each in error.errors()]
        ) from error


def way_of(loc: Loc, document: Document) -> Loc:
    """Pydantic's way without what the file does not show: names of kinds in unions."""
    way: Loc = ()
    for each in loc:
        if (*way, each) in document.places:
            way = (*way, each)
    return way


def said(message: str, loc: Loc) -> str:
    """What is wrong with which word."""
    word = next((each for each in reversed(loc) if isinstance(each, str)), "")
    message = message.removeprefix("Value error, ")
    if message == "Extra inputs are not permitted":
        return f"there is no {word} here{meant(word)}"
    if message == "Field required":
        return f"{word} is missing"
    return f"{word}: {message[:1].lower()}{message[1:]}" if word else message


def meant(word: str) -> str:
    """A word of the format that looks like it; empty where none does, or where it is one of another place."""
    known = words()
    near = [] if word in known else get_close_matches(word, known, 1, NEAR)
    return f"; did you mean {near[0]}?" if near else ""


@cache
def words() -> frozenset[str]:
    """Everything that may stand before a colon somewhere in a scenario."""
    schema = Scenario.model_json_schema(by_alias=True)
    parts = [schema, *schema["$defs"].values()]
    return frozenset(name for part in parts for name in part.get("properties", ()))


def plan(
    steps: Sequence[Step], document: Document, way: Loc, reading: Reading, open_files: tuple[Path, ...]
) -> list[Planned]:
    """Steps with their places; those of included files in the place of the include."""
    return [_planned(step, document, (*way, i), reading, open_files) for i, step in enumerate(steps)]


def _planned(step: Step, document: Document, way: Loc, reading: Reading, open_files: tuple[Path, ...]) -> Planned:
    place = document.place(way)
    if step.include is not None:
        return Planned(step, place, _included(step.include, document, (*way, "include"), reading, open_files))
    if step.parallel is not None:
        return Planned(step, place, plan(step.parallel, document, (*way, "parallel"), reading, open_files))
    for name in ("repeat", "for_each"):
        nested = getattr(step, name)
        if nested is not None:
            return Planned(step, place, plan(nested.steps, document, (*way, name, "steps"), reading, open_files))
    return Planned(step, place)


def _included(
    name: str, document: Document, way: Loc, reading: Reading, open_files: tuple[Path, ...]
) -> Sequence[Planned]:
    file = (document.file.parent / name).resolve()
    if file in open_files:
        reading.wrong.append(document.wrong(way, f"{name} includes itself"))
        return ()
    if not file.is_file():
        reading.wrong.append(document.wrong(way, f"there is no file {file}"))
        return ()
    try:
        inner = read(file)
        steps = parsed(Steps, inner).steps
    except WrongFiles as error:
        reading.wrong += error.wrong
        return ()
    reading.files.add(file)
    return plan(steps, inner, ("steps",), reading, (*open_files, file))


def found(paths: Sequence[Path]) -> list[Path]:
    """The scenario files at these paths, in order; WrongFiles for one that is none. Names with `_` are for includes."""
    files: list[Path] = []
    missing = []
    for path in paths:
        if path.is_dir():
            files += sorted(each for each in path.rglob(f"*{SUFFIX}") if not each.name.startswith("_"))
        elif path.is_file():
            files.append(path)
        else:
            missing.append(Wrong(str(path), 1, 1, "there is no such file or folder"))
    if missing:
        raise WrongFiles(missing)
    return list(dict.fromkeys(files))


def load_all(paths: Sequence[Path], tags: Sequence[str] = ()) -> list[Loaded]:
    """Those with any of the tags; WrongFiles with what is wrong in all of them."""
    loaded, wrong = list[Loaded](), list[Wrong]()
    for file in found(paths):
        try:
            loaded.append(load(file))
        except WrongFiles as error:
            wrong += error.wrong
    if wrong:
        raise WrongFiles(wrong)
    return [each for each in loaded if not tags or set(tags) & {*each.scenario.tags, each.name.split("/")[0]}]


__all__ = ["Loaded", "load", "load_all", "walk"]
