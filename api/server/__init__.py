"""gunicorn: its settings, its worker, and its own errors as problems.

Knows the application only as something to serve; no route and no record is imported here.
"""
