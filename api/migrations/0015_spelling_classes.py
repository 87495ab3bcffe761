"""More plurals and twin spellings meet: the tables stay as they are, and `tasrih migrate` indexes all records anew."""


def up(migrator, db):
    """Change no table."""
