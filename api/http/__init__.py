"""The protocol (RFC 9110 and what surrounds it): query strings, bodies, negotiation, preconditions, caching, problems.

The lowest floor that knows Flask; it knows no address, so nothing of `routes` or `openapi` is imported here.
"""
