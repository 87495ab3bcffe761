"""Tools for assistants that speak the Model Context Protocol: short rows, each with its source, read from a service over HTTP.

`server` and `tools` need the extra `mcp` and are imported by its command alone; no database is known here.
"""
