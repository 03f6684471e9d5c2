"""A release from a tagged commit: built, listed, signed, published, and looked at again."""
