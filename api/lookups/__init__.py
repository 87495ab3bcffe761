"""What must be known of other records to check, complete, render and write documents, looked up before any of that.

`Known` holds it and never asks the database; the other modules fill it, with one SELECT for the records of every type.
"""
