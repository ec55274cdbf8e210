"""The append-only trail: who did what to which subject, and why."""
