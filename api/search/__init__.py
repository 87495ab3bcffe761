"""Finding records by their words, in Arabic first and in English by the same rules."""
