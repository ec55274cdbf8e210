"""The pages of a customer."""
