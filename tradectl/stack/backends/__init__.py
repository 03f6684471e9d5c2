"""Ways to run the stack: observe, apply, endpoint, logs, down."""
