"""Where results are kept: files and registers, written whole or not at all."""
