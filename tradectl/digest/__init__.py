"""One hash over what was traded and what came of it, so that two runs can be told to be the same."""
