"""Faults: what can be broken on purpose, where, how badly and for how long; the table is what both sides go by."""

from services.contracts.faults.fault import LONGEST, Fault, Wish
from services.contracts.faults.kind import Kind, Parameter, UnfitError
from services.contracts.faults.table import KINDS

__all__ = ["KINDS", "LONGEST", "Fault", "Kind", "Parameter", "UnfitError", "Wish"]
