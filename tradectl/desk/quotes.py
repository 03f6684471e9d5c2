"""The last quote of each symbol, decoded when it is read: of two thousand a second ten are looked at."""

from collections.abc import Iterator, Mapping

import msgspec

from tradectl.desk.market import Quote

decode = msgspec.json.Decoder(Quote | None).decode


class Quotes(Mapping[str, Quote]):
    """By symbol; a symbol of which there is no quote yet is not in it."""

    def __init__(self) -> None:
        self._raw: dict[str, msgspec.Raw] = {}
        self._quotes: dict[str, Quote] = {}

    def put(self, symbol: str, quote: msgspec.Raw | Quote) -> None:
        """Take a quote, as it came or decoded."""
        if isinstance(quote, Quote):
            self._raw.pop(symbol, None)
            self._quotes[symbol] = quote
        else:
            self._raw[symbol] = quote

    def __getitem__(self, symbol: str) -> Quote:
        raw = self._raw.pop(symbol, None)
        if raw is not None:
            quote = decode(raw)
            if quote is not None:
                self._quotes[symbol] = quote
        return self._quotes[symbol]

    def __iter__(self) -> Iterator[str]:
        return iter([symbol for symbol in {**self._quotes, **self._raw} if self.get(symbol) is not None])

    def __len__(self) -> int:
        return sum(1 for _ in self)
