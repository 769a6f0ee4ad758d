"""How `bin/test` proves everything: the stages, the throw-away database, the browser, the wheel."""
