"""A whole cluster on one machine, as `make cluster` starts it, and the proof that it keeps its promises whatever is killed."""
