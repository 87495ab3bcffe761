"""The forms in which stored records are sent: shapes that a query asks for, pages for browsers, compression.

Works on documents and bytes; nothing that knows requests or responses is imported here.
"""
