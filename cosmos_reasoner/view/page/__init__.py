"""The live page: what is kept, what is told, and the files that a browser loads."""
