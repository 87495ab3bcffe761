"""The addresses: one module per noun, each view a few lines."""
