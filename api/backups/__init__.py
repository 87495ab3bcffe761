"""Copies of the whole database, made while the service runs, and restored whole or not at all.

Knows the database and the migrations, but no record: neither `records` nor `queries` is imported here.
"""
