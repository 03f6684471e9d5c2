"""What the BFF decides: which route is whose, what a channel is, what waits for a client, what a book is by now."""
