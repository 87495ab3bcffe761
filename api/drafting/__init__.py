"""Drafting: reading an article and proposing who said what in it, by rules and by the names of known records.

A draft is a proposal for a person to confirm; nothing here stores anything. `drafts` is the door: it gives the draft of a text
as plain values, and `documents` makes an import of it. The way of a text: `text` takes it apart into tokens, lines, sentences
and quotations, `cues` finds reporting expressions, `sources` tells who is meant, `values` what was done, when and how many, and
`reading` puts statements together, as `english` does for English. Words are listed in `lexicon`. docs/drafting.md explains the
rules.

Without HTTP and database: known names come in as plain values (`names`). Every loop runs over the text once.
"""
