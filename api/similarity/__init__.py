"""Statements like another one: what they share with it, weighed by how rare it is; and pairs that a person may link.

All work is bounded, however many statements there are. HTTP has no place here.
"""
