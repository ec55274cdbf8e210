"""How dates read at the desk, whatever Django's own choice for a language."""
