"""What a passage says besides its words: the act, the date, the figures. Plain functions of tokens."""
