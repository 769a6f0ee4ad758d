"""Django's databases, which besides seal the log at the end of each transaction."""
