"""The metrics of a part, and the page that Prometheus reads; parts of one process do not mix."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client import Metric as Family
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from prometheus_client.samples import Exemplar

from services.contracts.metrics import Metric, parts
from services.runtime import faults, log, logfile, trace
from services.runtime.instruments import OTHER, Counter, Gauge, Histogram, Instrument, Seen, Spread
from services.runtime.otlp import outlet

FRESH = 2.0
"""Seconds for which what was looked up for a page holds: several readers cost no more than one."""
LOOK_WITHIN = 0.5
"""Seconds that a look-up may take; without it the page shows what it found last."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Any client can make up another one, which OpenTelemetry calls `_OTHER`."""
Look = Callable[[], Awaitable[None]]
T = TypeVar("T", bound=Instrument)


class Metrics(Collector):
    """The metrics of one part."""

    def __init__(self, part: str, instance: str = "") -> None:
        self.part = part
        lines, broken = logfile.sink_of(part).counts, faults.of(part)
        self._instruments: list[Instrument] = []
        self._looks: list[Look] = []
        self._looked = 0.0
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(self)
        self._requests = self.histogram(parts.REQUESTS)
        self._spreads: dict[tuple[str, str, int], Spread] = {}
        self.active = 0
        """Requests that are being answered."""
        self.gauge(parts.ACTIVE_REQUESTS).read(lambda: self.active)
        self.gauge(parts.TARGET).set(1, part, instance or part)
        self.gauge(parts.FAULTS).read_all(lambda: dict.fromkeys(((each.fault.kind,) for each in broken.active), 1))
        self.counter(parts.LOG_LINES).read_all(lambda: {(level,): count for level, count in lines.items()})
        self._lag = self.gauge(parts.LOOP_LAG)
        if (exporting := outlet.current()) is not None:
            self.counter(parts.EXPORTED).read_all(lambda: exporting.numbers.of("sent"))
            self.gauge(parts.WAITING).read_all(lambda: exporting.numbers.of("waiting"))
            dropped = self.counter(parts.DROPPED)
            dropped.read_all(lambda: {**exporting.numbers.of("dropped"), ("pipe",): exporting.dropped})

    def counter(self, metric: Metric) -> Counter:
        return self._kept(Counter(metric))

    def gauge(self, metric: Metric) -> Gauge:
        return self._kept(Gauge(metric))

    def histogram(self, metric: Metric) -> Histogram:
        return self._kept(Histogram(metric))

    def add(self, *instruments: Instrument) -> None:
        """Put what others have made on this page."""
        self._instruments += instruments

    def before_page(self, look: Look) -> None:
        """Have something looked up when a page is wanted, at most every two seconds; what fails is left out."""
        self._looks.append(look)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; the spread of its labels is kept, because finding it costs more than counting."""
        key = (method, route, status)
        spread = self._spreads.get(key)
        if spread is None:
            known = method if method in METHODS else OTHER
            spread = self._spreads[key] = self._requests.of(known, route, str(status))
            if known is OTHER:
                del self._spreads[key]
        spread.observe(seconds)

    async def page(self, accept: str = "") -> tuple[bytes, str]:
        """What Prometheus reads, in the format that it accepts, and the format's name."""
        if time.monotonic() - self._looked > FRESH:
            self._looked = time.monotonic()
            with trace.within(None):  # a look is for all who ask, not of the trace of the one who asked first
                await asyncio.gather(*(self._look(look) for look in (self._lateness, *self._looks)))
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def text(self) -> bytes:
        """The page as it is without looking anything up."""
        return choose_encoder("")[0](self._registry)

    def collect(self) -> Iterator[Family]:
        """For the client library, which knows how a page is written."""
        for instrument in self._instruments:
            metric = instrument.metric
            family = Family(metric.name.removesuffix("_total"), metric.text, metric.kind)
            for sample in instrument.samples():
                exemplar = exemplar_of(sample.seen) if sample.seen else None
                name = f"{family.name}{sample.suffix}"
                family.add_sample(name, dict(sample.labels), sample.value, exemplar=exemplar)
            yield family

    def describe(self) -> Iterable[Family]:
        """What is declared is checked elsewhere."""
        return ()

    async def _look(self, look: Look) -> None:
        try:
            async with asyncio.timeout(LOOK_WITHIN):
                await look()
        except Exception as error:  # noqa: BLE001 (a page without a number is better than none)
            log.logger(self.part).info("a metric cannot be read", why=repr(error))

    async def _lateness(self) -> None:
        asked = time.perf_counter()
        await asyncio.sleep(0)
        self._lag.set(time.perf_counter() - asked)

    def _kept(self, instrument: T) -> T:
        self._instruments.append(instrument)
        return instrument


def exemplar_of(seen: Seen) -> Exemplar:
    """As OpenMetrics has it."""
    return Exemplar({"trace_id": seen.trace_id}, seen.value, seen.at)
