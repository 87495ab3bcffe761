"""What single values may be: EDTF dates and their labels, language tags, the normal form of texts, near misspellings.

Nothing here knows Flask, the database or marshmallow's schemas.
"""
