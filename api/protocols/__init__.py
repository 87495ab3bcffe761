"""Addresses whose form others have decided, and which the OpenAPI document therefore leaves out: the reference page, the
JSON-LD context, OpenRefine's reconciliation.

Only `application` imports it; SQL and peewee have no place here.
"""
