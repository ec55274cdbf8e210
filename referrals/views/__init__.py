"""The public pages, and what they share."""
