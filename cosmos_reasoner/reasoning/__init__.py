"""Clip and question in, result out."""
