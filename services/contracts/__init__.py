"""What crosses a process: events, envelope, money, ids, errors, instruments, the market's wire, manifests."""
