"""Who goes by which names: the tables of names, mentions of them in texts, suggestions while one is typed.

Below `records`, which keeps the names up to date, and above `search`, which takes texts apart; HTTP is not imported here.
"""
