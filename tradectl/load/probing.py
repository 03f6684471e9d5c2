"""One try after another of a capacity search, with the same crowd."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from tradectl.load import page
from tradectl.load.capacity import Found
from tradectl.load.result import Audited, Run
from tradectl.load.run import Plan, Target, Told, audited, run
from tradectl.load.shapes import steady
from tradectl.load.svg import Series, chart

SERVED = 0.97
"""Of what was due, what has to be answered: a queue that grows does not hold, however fast the first answers are."""


@dataclass
class Probe:
    """``runs`` are the tries; ``saturated`` says why a try proves nothing, where the generator gave up."""

    target: Target
    plan: Plan
    told: Told
    runs: list[Run] = field(default_factory=list)

    def holds(self, rate: float) -> bool:
        """Load at a rate."""
        tried = run(self.target, replace(self.plan, rate=rate, shape=steady(rate, self.plan.shape.duration)), self.told)
        self.runs.append(tried)
        return tried.holds and not tried.saturation.why and served(tried) >= SERVED

    @property
    def saturated(self) -> str:
        """Whether the lowest rate that did not hold was too much for the generator, and not for the platform."""
        broken = [each for each in self.runs if each.saturation.why]
        return min(broken, key=lambda each: each.rate).saturation.why if broken else ""

    def audit(self) -> Audited:
        """Once, when all is over."""
        return audited(self.target.sources, self.told)

    def rows(self) -> Sequence[tuple[str, ...]]:
        """The tries by their rate."""
        return [
            (
                f"{each.rate:.0f}",
                f"{each.measurement.quantile('*', 0.5) * 1_000:.1f}",
                f"{each.measurement.quantile('*', 0.99) * 1_000:.1f}",
                f"{each.measurement.error_share('*') * 100:.2f} %",
                "yes" if each.holds and not each.saturation.why and served(each) >= SERVED else "no",
            )
            for each in sorted(self.runs, key=lambda each: each.rate)
        ]

    def document(self, found: Found) -> dict[str, Any]:
        """As JSON shows it."""
        return {
            "capacity": round(found.capacity, 1),
            "broke": found.broke,
            "thresholds": [each.text for each in self.plan.thresholds],
            "tries": [{"rate": rate, "holds": held} for rate, held in found.tries],
            "saturated": self.saturated,
        }

    def page(self, found: Found) -> str:
        """Latency over rate."""
        ordered = sorted(self.runs, key=lambda each: each.rate)
        lines = [
            Series(label, [(each.rate, each.measurement.quantile("*", share) * 1_000) for each in ordered])
            for label, share in page.QUANTILES.items()
        ]
        head = ["/s", "p50 ms", "p99 ms", "errors", "holds"]
        held = ", ".join(each.text for each in self.plan.thresholds)
        return page.document(
            "Capacity",
            [
                (
                    f"<h1>{found.capacity:.0f}/s</h1><p>{escape(self.plan.scenario)} on "
                    f"{escape(self.target.where)} hold {escape(held)}</p>"
                ),
                "<h2>Latency over requests a second</h2>" + chart(lines, "ms", log=True),
                page.table(head, self.rows()),
            ],
        )


def served(tried: Run) -> float:
    """What began within the time of the load, as a share of what was due in it."""
    in_time = sum(second["due"] for second in tried.seconds if second["t"] <= tried.duration)
    whole = sum(second["due"] + second["unsent"] for second in tried.seconds)
    return in_time / whole if whole else 0.0
