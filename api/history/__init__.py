"""The records as they were at an earlier moment: one of them from the log, or all of them rebuilt.

Stands on `records` and `changelog`, and knows nothing of HTTP.
"""
