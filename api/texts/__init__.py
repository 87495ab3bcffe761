"""The texts of articles that operators attach: attaching, detaching, and verifying the evidence by them.

Stands on `records` and `evidence`, and knows nothing of HTTP.
"""
