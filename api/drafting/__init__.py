"""Drafting: reading an article and proposing who said what in it, by rules and by the names of known records.

A draft is a proposal for a person to confirm; nothing here stores anything. The way of a text: `words` takes it apart,
`layout` tells its body from what surrounds it, `quotations` finds quotation marks, `cues` finds reporting expressions,
`descriptions` and `entities` tell who is meant, `acts`, `dates` and `figures` what was done, when and how many, and
`reader` puts statements together. Words are listed in the TOML files beside these modules. docs/drafting.md explains the rules.

Without HTTP and database: known names come in as plain values (`names`). Every loop runs over the text once.
"""
