"""JSON Merge Patch (RFC 7396): a document that says what is to differ."""

from typing import Any


def merged_patch(stored: Any, patch: Any) -> Any:
    """What is stored as the patch wants it: its keys replaced, those given as null gone, whatever is no object whole."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(stored) if isinstance(stored, dict) else {}
    for key, wanted in patch.items():
        if wanted is None:
            merged.pop(key, None)
        else:
            merged[key] = merged_patch(merged.get(key), wanted)
    return merged
