"""How well the search answers: judged questions, and every name typed as it is, beside what the engines do by themselves.

`questions.json` holds the questions as readers would type them, half of them in Arabic, with the statements that answer
each: 3 answers it, 2 answers a part of it or as well as others do, 1 is about the same matter. They were written from the five articles before the ranking was, and judged by the
statements' summaries. A third, drawn at random, is for tuning; all figures in docs/search.md are those of the rest.
"""
