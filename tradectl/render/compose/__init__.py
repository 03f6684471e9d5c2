"""compose/: the whole platform as containers, a service each."""

from tradectl.render.compose.files import FOLDER, differing, rendered, write

__all__ = ["FOLDER", "differing", "rendered", "write"]
