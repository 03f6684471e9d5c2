"""One module a verb: parse, call the core, render."""
