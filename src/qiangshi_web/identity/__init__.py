"""Who signs in, and what each is granted: a role at an organisation, from a day to a day."""
