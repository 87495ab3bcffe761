"""Connections to SQLite and PostgreSQL, transactions, the dialects of their SQL, and time limits.

Knows no table: nothing but `errors` is imported here.
"""
