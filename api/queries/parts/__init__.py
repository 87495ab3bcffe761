"""What belongs to one record and is read by itself: the spans of an article, the links of a statement.

Each is read by exactly one SQL statement of its own; the SQL of the other queries is not imported here.
"""
