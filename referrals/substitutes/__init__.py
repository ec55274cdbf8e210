"""The page on which a customer answers an offer of something else."""
