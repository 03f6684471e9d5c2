"""Orders with a real database, a real in-process broker and a FIX session over a socket."""
