"""Connections to SQLite and PostgreSQL, transactions, the SQL they differ in, and limits of time.

Knows no table: nothing but `errors` is imported here.
"""
