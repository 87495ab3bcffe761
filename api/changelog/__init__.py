"""The log of changes, from which history and the feed are read: recording, revisions, retention, tombstones, long polling.

`records` writes to it; neither the rules of records nor HTTP are imported here.
"""
