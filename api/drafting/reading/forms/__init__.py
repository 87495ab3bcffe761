"""Texts of a form of their own, read otherwise than sentence by sentence: transcripts, resolutions, readouts, flashes.

The readers of whole articles are not imported here.
"""
