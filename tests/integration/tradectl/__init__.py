"""The tool on real files, sockets and processes."""
