"""Many records at once: importing lines of JSON or a folder of documents, exporting as NDJSON or CSV.

Stands on `records` for writing and on `queries` for reading, and knows nothing of HTTP.
"""
