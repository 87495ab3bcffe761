"""Mirrors: keeping the records of a database exactly those of another service, by its feed of changes.

What arrives is kept until the feed has come to its end, and then applied in one transaction. HTTP is spoken by `remote`.
"""
