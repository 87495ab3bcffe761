"""The records as they were at an earlier moment: single records from the log, or whatever differs restored.

Stands on `queries`, `records` and `changelog`; HTTP is not imported here.
"""
