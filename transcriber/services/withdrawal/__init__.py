"""Somebody who takes part withdraws: what is theirs is found, shown, taken out, and told of."""
