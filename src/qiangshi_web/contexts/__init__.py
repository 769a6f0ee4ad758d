"""One application per bounded context; a lower one never calls a higher one."""
