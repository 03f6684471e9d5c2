"""A local authority and the certificates that it signs, so that a sandbox can be reached by TLS."""
