"""Metrics that cross a process: one module an exporter, as dashboards, alerts and the tool read them."""

from collections.abc import Mapping
from types import ModuleType

from services.contracts.metrics import (
    audit,
    auth,
    backup,
    bff,
    chat,
    fix,
    market_data,
    notifications,
    orders,
    parts,
    portfolio,
    recommendations,
    service,
    simulators,
)
from services.contracts.metrics.metric import OF_TARGET, Metric, counter, declared, gauge, histogram

__all__ = ["EXPORTERS", "OF_TARGET", "Metric", "counter", "declared", "gauge", "histogram"]

EXPORTERS: Mapping[str, ModuleType] = {
    "every part": parts,
    "every service": service,
    "auth": auth,
    "bff": bff,
    "market_data": market_data,
    "orders": orders,
    "orders and broker": fix,
    "portfolio": portfolio,
    "recommendations": recommendations,
    "chat": chat,
    "notifications": notifications,
    "simulators": simulators,
    "tradectl audit --watch": audit,
    "tradectl backup": backup,
}
"""Who exports what, by who declares it."""
