"""Reading fixtures, checking documents against each other, and storing them: usable without HTTP."""
