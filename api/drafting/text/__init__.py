"""The article as text: tokens, the lines of a page, sentences and quotations.

Nothing here knows what a word means.
"""
