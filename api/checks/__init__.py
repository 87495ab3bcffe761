"""What `tasrih check` proves: that everything the database holds twice agrees.

Reads whatever it checks and is imported by the commands alone; it imports nothing of HTTP.
"""
