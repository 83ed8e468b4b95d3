"""What a person filled in wrongly: one error for every form, command and request. Pure."""


def N_(text):
    """Marks a text for translation and gives it back unchanged."""
    return text


class Names(tuple):
    """Names in a message, one after another; a page says those that we gave in the reader's language."""

    def __str__(self):
        return ", ".join(self)


class BadField(ValueError):
    """`field` names what is wrong, `message` says in English what would be right.

    `text` is the message before its `values` are put in, for a page to translate. Where
    several are wrong at once, `errors` are all of them, this one the first.

    >>> BadField("name", "%(name)r is taken", name="dana").message
    "'dana' is taken"
    """

    status = 400  # of the answer that says so

    def __init__(self, field, text, **values):
        self.field, self.text, self.values = field, text, values
        self.message = text % values if values else text
        self.errors = [self]
        super().__init__(f"{field} {self.message}")
