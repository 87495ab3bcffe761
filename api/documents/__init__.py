"""Documents as they arrive: the record types, strict JSON, merge patches, validation by schema.

Knows the tables that records are kept in, but no rule between records; that is for `records`.
"""
