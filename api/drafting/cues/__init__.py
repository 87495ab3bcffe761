"""Reporting expressions in an Arabic sentence: which verb, who is its subject, and where what was said begins.

Arabic puts the verb first: قال الوزير إن ... A verb is taken for a reporting expression only where a clause begins, and only
with a complement that it governs, since many verbs of saying are written like ordinary words.

`finding` walks through the sentence and tries each kind of expression (`attributions`, `verbs`, `participles`, `settings`);
these share where clauses begin, how subjects stand before and after the verb, and what introduces the content.
"""
