"""Which database answers a request, the primary or a replica, and which state of the records answers show.

Knows the protocol and the change log, but no record and no route; `database.replicas` watches the replicas.
"""
