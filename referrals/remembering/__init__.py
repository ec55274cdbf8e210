"""What a browser remembers of who invited it, after a yes and not before."""
