"""The fast path: conditions as planes of one bit a subject."""
