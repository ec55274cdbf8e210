"""Customers: people, what we know of them, what they agreed to."""
