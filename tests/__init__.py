"""What is proved about 强师, and by what: `bin/test` runs all of it."""
