"""Measuring: a synthetic corpus of any size, and what each kind of read costs on it beside a Flask hello-world."""
