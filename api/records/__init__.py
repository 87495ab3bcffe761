"""Writing one change: looking up what documents refer to, checking, completing, rendering, storing, and what follows.

Stands on `documents`, `names` and `changelog`; nothing that reads for clients (`queries`) and no HTTP is imported here.
"""
