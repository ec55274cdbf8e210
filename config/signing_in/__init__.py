"""The one door for staff: password, second factor, and what makes guessing slow."""
