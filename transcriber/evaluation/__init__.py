"""How good results are, measured against gold: one metric or one gold format a file."""
