"""Plans measured on a snapshot: what is met, what is not, and what nobody can say yet."""
