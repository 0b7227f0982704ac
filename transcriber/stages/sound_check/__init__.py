"""How good a recording sounds, measured."""
