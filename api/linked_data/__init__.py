"""Records as linked data: JSON-LD in the terms of schema.org and PROV-O, and the context that gives the keys their meaning.

docs/linked-data.md lists every property. HTTP is not imported here.
"""
