"""The one door: tokens, limits, routing to the services, one WebSocket a client."""
