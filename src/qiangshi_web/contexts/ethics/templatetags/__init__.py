"""Parts of the case page where ethics is judged."""
