"""What is said of parameters that can't be used: every sentence in English, with placeholders for what varies.

A sentence keeps its template and its values, so that pages say it in other languages (`api.pages.frame.arabic`).
"""

from collections.abc import Mapping


class Message(str):
    """A sentence for people: the text in English, and the template and the values that it was made of.

    A template is a message too. `format` fills its placeholders in, by name alone; that is how marshmallow's validators
    and fields fill in the `error` that they are given, so templates can be given to them.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, text: str | None = None, values: Mapping[str, object] | None = None) -> "Message":
        """A template, or the text that it makes of values."""
        message = super().__new__(cls, template if text is None else text)
        message.template, message.values = str.__str__(template), values or {}
        return message

    def __str__(self) -> "Message":
        """The message itself: errors that carry it give it back by `str`."""
        return self

    def format(self, *_: object, **values: object) -> "Message":
        """The sentence with these values, and those that are known already."""
        together = {**self.values, **values}
        return Message(self.template, str.format(self.template, **together), together)

    def knowing(self, **values: object) -> "Message":
        """The template with some of its values, the others to be filled in later."""
        return Message(self.template, values=values)


# Query strings
UNKNOWN = Message("Is not a parameter of this address. Those are {known}.")
MISSPELT = Message("Is not a parameter of this address. Did you mean '{close}'? Those are {known}.")
TAKES_NONE = Message("Is not a parameter of this address, which takes none.")
MANY_UNKNOWN = Message("Is one of {count} that are no parameters of this address.")
REPEATED = Message("Is given {count} times, but takes one value.")
NOT_UTF8 = Message("Is not UTF-8; percent-encode it as such.")
NOT_STREAM_SAFE = Message("Has more than {most} combining marks in a row (Unicode's Stream-Safe Text Format, UAX #15).")
NO_SUCH_ID = Message("No record of '{record_type}' has the id '{id}'.")
NOT_A_CURSOR = Message(
    "Is not a cursor of this query: take it whole from next or prev, leave the other parameters as they were, or start without one."
)
TOO_MANY_THEN = Message(
    "Something has changed since, and there were more than {most:,} records, the most of which collections"
    " are put together again. Single records answer as of any moment."
)
TOO_MANY_CHANGED = Message(
    "More than {most:,} records of that moment have changed since, the most that are put together again."
    " Single records answer as of any moment."
)

# Values
NOT_WHOLE = Message("Is not a whole number.")
NOT_A_DAY = Message("Is not a date: write YYYY-MM-DD, YYYY-MM or YYYY.")
NOT_A_MOMENT = Message(
    "Is not a moment: write it with its offset, such as 2026-11-21T09:00:00Z (RFC 3339; '+' as %2B)."
)
LOST_PLUS = Message(
    "Has a space where its offset begins: in a query '+' means a space. Write it as %2B, or the moment in UTC with Z."
)
NEITHER_TRUE_NOR_FALSE = Message("Is neither true nor false.")
COMMA = Message("Holds a comma: alternatives are given one by one, as in act=welcome&act=commend.")
NONE_TAKEN = Message("Does not take '{none}', for every record has a value.")
NONE_BY_ITSELF = Message("Takes '{none}' only by itself: it finds the records without a value.")
TOO_OFTEN = Message("Is given more than {max} times.")
TOO_MANY_LANGUAGES = Message("Names more than {max} languages.")
TOO_LONG = Message("Longer than maximum length {max}.")
LENGTH_OUTSIDE = Message("Length must be between {min} and {max}.")
OUTSIDE = Message("Must be greater than or equal to {min} and less than or equal to {max}.")
NONE_OF_THESE = Message("Must be one of: {choices}.")
NO_TERM = Message(
    "'{input}' is not a term of the vocabulary '{vocabulary}'; GET /v1/vocabularies/{vocabulary} lists them."
)
NOT_AN_ID = Message("Is not an id: use lowercase letters, digits and single hyphens, such as 'antonio-guterres'.")
NOT_A_TAG = Message("Is not a language tag (BCP 47), such as 'ar' or 'zh-Hant'.")
NO_LANGUAGE = Message("'{tag}' is no language that is registered for language tags (BCP 47).")

# Dates
NOT_A_DATE = Message("'{date}' is not a date: write YYYY, YYYY-MM or YYYY-MM-DD (EDTF level 0 or 1).")
ENDLESS = Message("'{date}' has neither a beginning nor an end.")
ENDS_FIRST = Message("'{date}' ends before it begins.")
NO_SUCH_YEAR = Message("'{date}' lies outside the years 0002 to 9998, which this service counts.")
LEAVES_OPEN = Message("'{date}' leaves a larger unit open than the one it names.")
NO_SUCH_MONTH = Message("'{date}' has no month {month:02d}.")
NO_SUCH_DAY = Message("'{date}' is not a day of the calendar.")

# Contradictions
NO_WORDS_TO_RANK_BY = Message("Relevance is relevance to 'q': give one, or another order.")
ONLY_FIELD_WORDS = Message("Relevance is relevance to words, and 'q' has only field words.")
COMMON_BEGINNING = Message(
    "Words that begin so stand in records more than {most:,} times, too often to be sorted by relevance: give another letter, or another order."
)
NO_RANKS_THEN = Message("Relevance is reckoned among the records of now: with 'as_of' give another order.")
BEFORE = Message("Lies before '{other}'.")
KNOWN_OF_NOW = Message("Is known of the records of now: leave out 'as_of'.")
NOTHING_TO_HIGHLIGHT = Message("Highlights are what 'q' matches: give one, or leave this out.")
CHOOSES_KEYS = Message("Chooses the keys itself: leave out 'fields', or this.")

# The language of q
NO_WORDS = Message("There is nothing to search for in the query: it has neither letters nor digits.")
ONLY_EXCLUDES = Message("The query only excludes: it needs at least one word to look for.")
TOO_MANY_CLAUSES = Message("The query has {count} words and phrases, more than the {most} that one query may have.")
EXCLUSION_AFTER_OR = Message('A "-" can not follow OR: put it before the words that must not occur, without OR.')
OR_BETWEEN = Message(
    'OR has to stand between two words or phrases; to look for the word, write "or" in quotation marks.'
)
IN_PARENTHESES = Message("Parentheses hold single words or phrases that OR joins, as in (peace OR treaty).")
MISWRITTEN_FIELD_WORD = Message(
    'speaker:, place:, agreement: and event: take a whole name right behind them, as in speaker:Lavrov or place:"Nagorno-Karabakh",'
    " and stand outside parentheses, unless these hold nothing but alternatives: (speaker:A OR speaker:B)."
)
NO_FIELD_WORD = Message(
    "{field}: can not stand in a query: give the parameter '{field}' with an id instead, which GET /v1/suggest finds by the name"
    " (terms are listed in GET /v1/vocabularies)."
)
NO_AND = Message(
    'AND is no operator: all words are looked for anyway, so leave it out; to look for the word, write "and" in quotation marks.'
)
NO_NOT = Message(
    'NOT is no operator: write - before the word that must not occur; to look for the word, write "not" in quotation marks.'
)
NO_NEAR = Message(
    'NEAR is no operator: words near each other come first by relevance; write "a phrase" to keep them together.'
)
UNCLOSED = Message("The quotation mark at position {position} has no counterpart.")
LOOSE_MINUS = Message('A "-" has to stand before the word it excludes, without a space between them.')
LOOSE_STAR = Message('A "*" has to follow the beginning of a word, without a space between them.')
EMPTY_PHRASE = Message("There is nothing to search for between the quotation marks.")

# Field words
MIXED_ALTERNATIVES = Message(
    "{written}: OR joins a field word only with others of the same field, as in (speaker:A OR speaker:B)."
)
NO_SUCH_FILTER = Message("{written}: there is no filter '{filter}' here, so that field word can not be used.")
FILTERED_ALREADY = Message(
    "{written}: '{filter}' is given already; join alternatives with OR, as in speaker:A OR speaker:B."
)
TOO_MANY_CALLED_SO = Message("{written}: {count} records are called so, more than {most}: give the parameter with ids.")
NOBODY_CALLED_SO = Message(
    "No record of '{record_type}' is called {name}. GET /v1/suggest finds records by the beginning of a name."
)
OTHERS_CALLED_ALIKE = Message("No record of '{record_type}' is called {name}. Did you mean {near}?")
