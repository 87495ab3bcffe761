"""How a page of records is read: its SQL, whether bitmaps find it, and the documents of its rows.

`api.queries.reading` is the door; the similar statements share these parts. Nothing that filters or sorts is decided here.
"""
