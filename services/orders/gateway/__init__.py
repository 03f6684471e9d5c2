"""The way to the broker and to market data: wires on one side, use cases on the other."""

from services.orders.gateway.gateway import Gateway

__all__ = ["Gateway"]
