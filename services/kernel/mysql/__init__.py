"""MySQL and Percona Server, for databases whose URL says so; nothing here is imported for any other."""
