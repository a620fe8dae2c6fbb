"""The commands: thin, arguments in, calls into the other folders."""
