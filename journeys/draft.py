"""A pain point as the address of an experiment's form, filled in as far as measurement can: what to test, on which pages, what must not get worse. Pure.

How many visitors it takes is not said here: experiments reckon it by visitors,
the same way for the form and for the plan.
"""

import os.path
import re

WEEKS = 4  # whose traffic says which effect can be found
ID = re.compile(r"[a-z][\w-]{0,98}", re.ASCII | re.IGNORECASE)
NAME = re.compile(r"[\w.:\[\]-]{1,99}")  # one of a hundred characters may be the end of a longer one
PLACE = re.compile(r"(#[a-z][\w-]*|body)(>[a-z][a-z0-9-]*(:nth-of-type\(\d+\))?)+", re.ASCII | re.IGNORECASE)
NO_FORM = "body"  # whose fields stand in none


def arguments(addresses, following, guardrails, element=""):
    """{argument: text} of /experiments/new but its words. Takes what the pain page knows.

    `addresses` of the page, `following` those of the page that leads on from it. The primary metric is the step that leaks.
    """
    found = {"paths": "\n".join(addresses), "selector": element, "guardrails": "\n".join(guardrails), "weeks": str(WEEKS)}
    if following:
        found |= {"of": "page", "what": pattern(following)}
    return {name: text for name, text in found.items() if text}


def guardrails(form, revenue):
    """What must not get worse, one line each as the form takes them. Takes the name of the form that the trouble is in, "" for none, and
    whether orders at the place bring money.

    Never that a page is reached which everybody has seen who takes part, such as that of the trouble or the one before it: it reads 100 %, whatever
    a variant does. Nor that a form is not sent: whoever goes on from it, which decides, has sent it.

    >>> guardrails("", True), guardrails("checkout", False)
    (['order_value event purchase'], ['form_errors form checkout'])
    """
    return (["order_value event purchase"] if revenue else []) + ([f"form_errors form {form}"] if form else [])


def field(form, name):
    """A selector that finds a field by what the tracker calls it and its form (nameOf in tracker/src/form.js): a name, an id, or the place
    of what has neither. "" where one of them is none of these, such as a name that the page gave for reports, or a place that was cut off.

    >>> field("checkout", "phone"), field("body>form:nth-of-type(2)", "to[city]"), field("Your order", "phone")
    (':is(#checkout, [name="checkout"]) :is(#phone, [name="phone"])', 'body>form:nth-of-type(2) [name="to[city]"]', '')
    """
    if PLACE.fullmatch(name):
        return name
    around, found = NO_FORM if form == NO_FORM else _found_by(form), _found_by(name)
    return f"{around} {found}" if around and found else ""


def _found_by(name):
    if PLACE.fullmatch(name):
        return name
    if ID.fullmatch(name):
        return f':is(#{name}, [name="{name}"])'
    return f'[name="{name}"]' if NAME.fullmatch(name) else ""


def pattern(addresses):
    """One path with * for pages that are languages of one.

    >>> pattern(("/shop/cart", "/shop/he/cart")), pattern(("/cart",))
    ('/shop/*cart', '/cart')
    """
    if len(addresses) == 1:
        return addresses[0]
    start = os.path.commonprefix(addresses)
    end = os.path.commonprefix([address[len(start):][::-1] for address in addresses])[::-1]
    return f"{start}*{end}"
