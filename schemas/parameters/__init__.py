"""The query parameters of every collection: their names, how their values are written, and what each one means.

`values` is how values are written, `query_schema` what the schema of an operation stands on, `shapes` and `collections` what many operations
take, and `filters` what finds and excludes records of one type.
"""
