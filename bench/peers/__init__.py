"""The same works by peers: FastAPI with SQLAlchemy Core, and Datasette, on the service's own SQLite database.

They live in an environment of their own, which `make bench-peers` creates from requirements.txt.
"""
