"""The text pipeline and the text index: Arabic and English words to tokens, the parameter `q` to index expressions.

The linguistics are all here, none in the engines; neither record types nor HTTP are imported.
"""
