"""Reads: from a validated query to one SQL statement, and from its rows to stored bytes.

Writes nothing: neither `records` nor HTTP is imported here.
"""
