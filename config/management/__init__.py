"""Commands that run and check the house."""
