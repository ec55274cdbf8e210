"""How Lendwell is configured: `dev`, `test` and `prod` build on `base`."""
