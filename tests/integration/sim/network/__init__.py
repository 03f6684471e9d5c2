"""The simulated network, on real sockets."""
