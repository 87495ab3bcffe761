"""Bitmaps of statements: for each value of a column, which statements have it, so that they are counted without being read.

Kept exact by following the log of changes. Neither queries nor the rules of records are imported here.
"""
