"""The subcommands of `qiangshi`, a module each. Only they and the command line read the clock."""
