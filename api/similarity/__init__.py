"""What is like what: the statements nearest in content to one of them, and why.

Above `queries`, whose pages it fills; neither `records` nor HTTP is imported here.
"""
