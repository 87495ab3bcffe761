"""The public shape of every document: what requests, fixtures and responses look like.

One module per record type; a class serves both reading and writing, with `dump_only` for what the service owns. The
schemas are the only list of public fields: the OpenAPI document, the stored representations and the `fields`
parameter are all derived from them. Nothing here knows Flask or the database.
"""
