"""The way to the broker and to market data: wires on one side, use cases on the other."""

from services.kernel.service import Service
from services.orders.gateway.gateway import Gateway
from services.orders.gateway.rest import RestGateway

__all__ = ["Gateway", "RestGateway", "gateway_of"]


def gateway_of(service: Service) -> Gateway | RestGateway:
    """By FIX or by REST, as the setting says; while an order is open the setting must stay."""
    return RestGateway(service) if service.settings.orders.broker == "rest" else Gateway(service)
