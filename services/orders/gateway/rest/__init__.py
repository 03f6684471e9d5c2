"""The way to the broker by its REST API: what is asked leaves as requests, what became of it is read off his record."""

from services.orders.gateway.rest.gateway import RestGateway

__all__ = ["RestGateway"]
