"""From validated parameters to one SQL statement, and from its rows to pages, counts and timelines. No Flask here."""
