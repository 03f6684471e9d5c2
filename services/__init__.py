"""The platform: eight services on a shared kernel, and the contracts between them."""
