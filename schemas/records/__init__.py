"""What a record looks like, one module per record type: a class serves both reading and writing, with `dump_only` for what
the service owns.

Nothing here knows Flask or the database.
"""
