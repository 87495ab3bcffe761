"""Reading an English article, by the same design: verbs of saying, who is their subject, and what they introduce.

English puts the subject first, often after a quotation: "...," the minister told reporters. The verbs are those that the
vocabulary of acts lists.
"""
