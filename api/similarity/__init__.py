"""Statements like another one: what they share with it, weighed by how rare it is.

Everything is one SQL statement of bounded work. HTTP has no place here.
"""
