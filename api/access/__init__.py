"""Who may write, and what was answered before: tokens, idempotency keys and the responses stored under them.

Knows the database and the change log, but neither the records nor HTTP.
"""
