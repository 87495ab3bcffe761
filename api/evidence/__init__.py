"""Spans of articles' texts: normalising, locating, quoting and verifying them, and W3C Web Annotations of them.

Works on texts and numbers only: neither a database nor HTTP is imported here.
"""
