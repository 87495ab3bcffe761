"""The addresses of the API: one module per subject, each view a few lines between `http` and what does the work.

Only `application` imports it; SQL and peewee have no place here.
"""
