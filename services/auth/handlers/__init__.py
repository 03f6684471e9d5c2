"""Auth's use cases: accounts, sessions, the staff's changes, signing keys; and hashing, which runs off the loop."""
