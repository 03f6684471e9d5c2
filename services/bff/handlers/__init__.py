"""What the BFF does: forward requests, hold rates, follow the market, stream to sessions."""

from services.bff.handlers.wiring import open_stream, peer_checks

__all__ = ["open_stream", "peer_checks"]
