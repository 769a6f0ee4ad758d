"""The sessions in which people have signed in: listed for their owner, ended by her."""
