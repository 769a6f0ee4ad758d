"""Looking after the log and the keys: verification, and who opened which file."""
