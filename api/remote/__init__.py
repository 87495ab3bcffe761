"""Another service that is read over HTTP.

The client of our own commands. Nothing but `errors` is imported here.
"""
