"""Mark in the text index where words stand: the tables stay as they are, and `tasrih migrate` indexes all records anew."""


def up(migrator, db):
    """Change no table."""
