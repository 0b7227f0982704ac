"""What is left that points at somebody in combination."""
