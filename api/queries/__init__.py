"""Reads: from a validated query to one SQL statement, and from its rows to stored bytes.

Writes nothing, so nothing of `records` is imported here, and nothing of HTTP.
"""
