"""Auth on real files and sockets."""
