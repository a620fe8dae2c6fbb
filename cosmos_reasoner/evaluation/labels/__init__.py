"""Labels in, items out: one reader for each form in which questions and their answers are written."""
