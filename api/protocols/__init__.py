"""Addresses whose form others have decided: the reference page, the JSON-LD context, OpenRefine's reconciliation.

They are no operations: they pass over parameters that they do not know. `openapi.protocols` documents the last two.

Only `application` imports it; SQL and peewee have no place here.
"""
