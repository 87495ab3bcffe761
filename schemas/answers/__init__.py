"""What the service answers beside records: pages, counts, problems, changes, drafts.

Nothing here knows Flask or the database.
"""
