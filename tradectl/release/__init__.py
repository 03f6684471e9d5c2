"""A release and its way through dev, stage and prod: what it is, where it is, what must hold before it goes on."""
