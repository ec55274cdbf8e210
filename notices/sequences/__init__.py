"""Sequences: what follows when, for whom, decided from the state of the rows and sent once."""
