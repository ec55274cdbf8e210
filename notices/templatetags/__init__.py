"""Words about messages in templates."""
