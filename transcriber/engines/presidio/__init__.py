"""Detection and replacement on Presidio, with recognisers for interviews as they are spoken."""
