"""Figures as data: the numbers that statements put forward, listed, counted and held against each other.

Stands on `queries`, whose filters decide which statements are read; HTTP is not imported here.
"""
