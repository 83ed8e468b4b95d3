"""A pain point as the address of an experiment's form, filled in as far as measurement can: what to test, on which pages, what must not get worse. Pure.

How many visitors it takes is not said here: experiments reckon it by visitors,
the same way for the form and for the plan.
"""

import os.path

WEEKS = 4  # whose traffic says which effect can be found


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
