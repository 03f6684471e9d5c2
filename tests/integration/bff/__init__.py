"""The BFF on real sockets."""
