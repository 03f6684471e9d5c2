"""What runs and how: topology, plan, state, ports, supervisor, host and backends."""
