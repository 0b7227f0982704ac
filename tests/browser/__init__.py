"""What a real browser does with what we make."""
