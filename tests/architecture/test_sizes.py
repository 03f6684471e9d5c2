"""Modules and functions stay small enough to be read at one sitting."""

from statistics import quantiles

from tests.architecture.tree import ROOT, files, functions

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
NINE_OF_TEN_FUNCTIONS = 30
LONGEST_WIRING = 25
SERVICES = 8


def _lines(path: str) -> dict[str, int]:
    return {str(module): len((ROOT / module).read_text(encoding="utf-8").splitlines()) for module in files(path)}


def test_no_module_is_longer_than_400_lines() -> None:
    assert not {module: lines for module, lines in _lines("*.py").items() if lines > LONGEST_MODULE}


def test_no_function_is_longer_than_60_lines() -> None:
    assert not {function: lines for function, lines in functions() if lines > LONGEST_FUNCTION}


def test_nine_of_ten_functions_have_at_most_30_lines() -> None:
    assert quantiles([lines for _, lines in functions()], n=10)[-1] <= NINE_OF_TEN_FUNCTIONS


def test_every_service_is_wired_in_at_most_25_lines() -> None:
    wirings = _lines("services/*/app.py")
    assert len(wirings) == SERVICES
    assert not {module: lines for module, lines in wirings.items() if lines > LONGEST_WIRING}
