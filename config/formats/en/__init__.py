"""English: a day is never to be mistaken for a month, and an instant says its zone."""
