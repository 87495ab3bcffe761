"""The public shape of every document: what requests, fixtures and responses look like.

`records` has one module per record type, `answers` what is answered beside records, `parameters` the parameters of queries,
and `values` what single values may be. The schemas are the only list of public fields: the OpenAPI document, the stored
representations and the `fields` parameter are all derived from them. Nothing here knows Flask or the database.
"""
