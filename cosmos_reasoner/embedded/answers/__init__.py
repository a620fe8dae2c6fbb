"""Facts and a question in, words out."""
