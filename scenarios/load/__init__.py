"""Load scenarios: a module each, whose first line is its intent and whose ``USERS`` are kinds of users and weights."""
