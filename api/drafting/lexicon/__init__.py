"""The words that the rules know: Arabic verbs of saying in all their forms, and lists of words for who and when.

They stand in `arabic.toml`.
"""
