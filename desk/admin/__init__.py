"""Pages of rows and what can be done on them: the kit that every app's admin is made of."""
