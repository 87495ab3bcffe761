"""Real processes that are killed, starved and stopped while clients write, and the proof that nothing was lost."""
