"""The files of compose/ that are generated, and whether those that lie there are the same."""

from collections.abc import Mapping
from pathlib import Path

from tradectl.errors import TradectlError
from tradectl.render.compose import servers
from tradectl.render.compose.document import document
from tradectl.render.text import as_yaml
from tradectl.stack.topology import Topology

FOLDER = Path(__file__).parents[3] / "compose"
NAME = "compose.yaml"


def rendered(topology: Topology) -> dict[str, str]:
    """The text of each file by its place in compose/."""
    return {NAME: as_yaml(document(topology)), **servers.files(topology)}


def differing(files: Mapping[str, str], folder: Path) -> list[str]:
    """The places whose text is another one there, or is not there."""
    return [place for place, text in files.items() if not _is(folder / place, text)]


def write(files: Mapping[str, str], folder: Path) -> None:
    """Lay them there; TradectlError when the folder cannot be written."""
    try:
        for place, text in files.items():
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        hint = "another folder: tradectl topology render compose --to /path/to/a/folder"
        raise TradectlError(f"{folder} cannot be written: {error.strerror}", hint) from error


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
