"""A simulated year: invented friends, the real verbs, a database of its own."""
