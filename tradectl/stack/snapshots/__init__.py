"""All that a sandbox holds, copied under a name and put back: databases, queues drained first, the market, its time."""
