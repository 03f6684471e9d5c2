"""The BFF's door: requests, the WebSocket, the OpenAPI document."""

from services.bff.api.door import Door
from services.bff.api.grpc import doors
from services.bff.api.pages import pages
from services.bff.api.socket import Socket

__all__ = ["Door", "Socket", "doors", "pages"]
