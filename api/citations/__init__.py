"""Citations of statements, agreements and articles: CSL-JSON, BibTeX, RIS, and plain text in Arabic and English.

What is cited is worked out once (`cited`), each format only writes it down. HTTP is not imported here.
"""
