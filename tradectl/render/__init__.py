"""What is generated from the topology: files that others read."""
