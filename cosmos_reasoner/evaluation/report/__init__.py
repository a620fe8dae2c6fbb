"""Numbers in, pages out that open anywhere."""
