"""What all pages share: addresses, languages, the layout, drawings, lists of statements, errors, and the files that pages load.

Knows no single page.
"""
