"""The log of changes, from which history and the feed are read: recording, revisions, retention, tombstones, waiting.

Below `records`, which writes to it; neither the records' rules nor HTTP are imported here.
"""
