"""A believable world to look at: made by the same verbs as the real one, under a moving clock."""
