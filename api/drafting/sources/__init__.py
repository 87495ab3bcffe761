"""Who is meant: how a sentence describes somebody, and which person or body that has been named before it is."""
