"""Any list of records as a feed to follow: Atom and JSON Feed.

What an entry says is worked out once (`entries`), each format only writes it down. HTTP is not imported here.
"""
