"""The words of a scenario file."""

from tradectl.scenario.model.scenario import Actor, Needs, Scenario
from tradectl.scenario.model.step import Step

__all__ = ["Actor", "Needs", "Scenario", "Step"]
