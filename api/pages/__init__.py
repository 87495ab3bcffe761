"""The reading room: pages where people look, in Arabic and in English, from the same reads as the API.

One module per page, its template beside; `frame` is what surrounds every page. Writes nothing, and adds nothing to `/v1`:
the desk, where drafts become statements, is a client of the API in the reader's browser.
"""
