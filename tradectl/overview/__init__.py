"""A whole sandbox at one look: resources, queues, dead letters, FIX sessions. The verbs and the dash draw it."""
