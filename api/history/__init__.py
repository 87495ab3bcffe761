"""The records as they were at an earlier moment: single records from the log, or all of them rebuilt.

Stands on `records` and `changelog`; HTTP is not imported here.
"""
