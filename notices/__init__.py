"""The marketing channel: everything that is written to customers goes out through here."""
