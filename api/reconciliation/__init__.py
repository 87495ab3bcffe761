"""The reconciliation service of OpenRefine (Reconciliation Service API 0.2): which record a name in a table means.

Knows names and documents, but no HTTP: a batch of queries comes in as parsed JSON, and what is answered goes out as such.
"""
