"""What participants agreed to: kept, read from a log, and asked wherever it matters."""
