"""Settings: `base` is what is the same everywhere; `demo`, `test` and `production` complete it."""
