"""Items in, results out: repeatable, resumable, nothing asked twice."""
