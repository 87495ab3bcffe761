"""Coverage: what was read of what was published, so that silence is not taken for absence.

Stands on `queries`, whose values and days it binds; HTTP is not imported here.
"""
