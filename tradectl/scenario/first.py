"""A first scenario to begin with."""

from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

TEXT = """\
# yaml-language-server: $schema=scenario.schema.json   (tradectl scenario schema > scenario.schema.json)
scenario: A market buy is filled, and the money that it cost is gone.
tags: [mine]
actors:
  ann: {deposit: {USD: 100000}}
steps:
  - place: {symbol: AAPL, side: buy, quantity: 10, status: filled}
    as: order
  - expect: {position: AAPL, is: {quantity: 10}}
  - expect: {books: ann}
  - expect: {mail: ann, is: {subject: "Buy AAPL: filled"}}
"""


def write(file: Path) -> None:
    """TradectlError when something lies there already, or it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new:
            new.write(TEXT)
    except FileExistsError:
        raise TradectlError(f"{file} is there already", "give another name", ExitCode.USAGE) from None
    except OSError as error:
        raise TradectlError(f"{file} cannot be written: {error.strerror}", exit_code=ExitCode.USAGE) from error
