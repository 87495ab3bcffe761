"""The text pipeline and the text index: Arabic and English words to tokens, queries in `q` to index expressions.

Adds no linguistics of an engine's own; knows no record type and no HTTP.
"""
