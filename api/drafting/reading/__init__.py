"""Reading an Arabic article: from its lines to drafted statements.

`arabic` goes through the sentences in order and keeps what it learns in a `Reading` (`article`): who was named, who spoke last,
which statements were found. The other modules each answer one question about a statement: who speaks, which words are its
evidence, which propositions it has, its mode, its day.
"""
