"""The log as a chain: each event is sealed with a keyed digest that covers the one before it."""
