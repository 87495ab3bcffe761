"""Looking up what a write must know of other records, before documents are checked, completed, rendered and written.

`Known` holds it and never asks the database; the other modules fill it, with one SELECT for the records of every type.
"""
