"""The operator's commands, `tasrih ...`: one module per subject, and `terminal` for what they share.

The top floor: everything may be imported here, and nothing imports it.
"""
