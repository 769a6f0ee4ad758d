"""Cases at work."""
