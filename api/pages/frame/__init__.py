"""What surrounds every page: addresses, languages, the layout, drawings, errors, and the files that pages load.

Knows no single page.
"""
