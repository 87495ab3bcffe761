"""The HTTP client of the commands: for another service of this kind, and for language models.

Nothing but `errors` is imported here.
"""
