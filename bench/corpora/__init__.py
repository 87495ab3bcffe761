"""Synthetic corpora of any size: what is in them, and databases filled with them."""
