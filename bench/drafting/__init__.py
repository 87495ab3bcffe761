"""Measuring drafts against annotated articles: how many statements are found, and how often each field is right.

Three sets. `invented` (five articles in five house styles) and the corpus' five articles, whose texts are not in the repository,
are for development; rules are made after some of them (`TUNED`), the others are only scored. `held_back` was written and annotated
before the rules were run on it, and no rule may be made after it. docs/drafting.md has the figures.
"""
