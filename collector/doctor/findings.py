"""What would be recorded on a page, and what is in the way, from its HTML and headers. Pure.

The names of forms and fields and the rule for sensitive ones are the tracker's
(tracker/src/form.js); tests/test_doctor.py holds them together.
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from collector.doctor import page as pages
from collector.doctor import policy
from collector.snippet import HOLD

# Word for word SENSITIVE of tracker/src/form.js.
SENSITIVE = re.compile(
    r"""pass|pwd|\bcc|cv[cv]|card|iban|one-time|\b(otp|pin|ssn|tel|tz|id)\b|id.?num|zehut|phone|mobile|סיסמ|"""
    r"""אימות|כרטיס|אשראי|ת["״.]ז|זהות|דרכון|טלפון|נייד""", re.IGNORECASE | re.ASCII)
SPA_ROOTS = {"root", "app", "__next", "__nuxt", "svelte", "q-app"}
LITTLE_TEXT = 400  # characters; a page with less that has such a root is made in the browser
PAYMENT = re.compile(r"stripe|paypal|tranzila|cardcom|payplus|meshulam|grow|adyen|braintree|pelecard|zcredit", re.I)


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    control: str
    autocomplete: str
    sensitive: bool


@dataclass(frozen=True)
class Form:
    name: str
    fields: tuple


@dataclass(frozen=True)
class Findings:
    url: str
    title: str
    language: str
    direction: str
    sites: tuple  # data-site of the snippets found
    stub: bool
    second: bool  # the second script, without which no experiment shows
    forms: tuple
    buttons: int
    links: int
    outbound: int
    problems: tuple
    hints: tuple
    redirected_from: str = ""  # the address that was asked for, when it led to another


def examine(html, headers=(), url="", collector=""):
    """The Findings of a page. Takes its HTML, its headers as (name, value) pairs, its address, and the collector's
    origin where the page does not name it itself."""
    page = pages.read(html)
    scripts = [script for script in page.scripts if "site" in _data(script)]
    own = _origin(url)
    collector = collector or next((_origin(script.get("src"), url) for script in scripts if script.get("src")), "") \
        or "https://netiv.your-site.example"
    stub = any("netiv.q" in script.text for script in page.scripts)
    second = has_second(page)
    found = [("header", value) for name, value in headers if name.lower() == "content-security-policy"]
    found += [("meta", value) for value in page.policies]
    in_the_way = [problem for where, text in found for each in text.split(",")
                  for problem in policy.problems(where, each, collector, own, second)]
    links = [_origin(link.get("href"), url) for link in page.links]
    return Findings(url, " ".join(page.title.split()), page.language, page.direction or "ltr",
                    tuple(_data(script)["site"] for script in scripts), stub, second, _forms(page), page.buttons, len(links),
                    sum(bool(link) and link != own for link in links) if own else 0,
                    tuple(in_the_way), tuple(_hints(page, scripts, stub)))


def _forms(page):
    groups = {id(form): (form, []) for form in page.forms}
    for element in page.fields:
        form = page.form_of(element)
        groups.setdefault(id(form), (form, []))[1].append(_field(page, element))
    return tuple(Form(_name(form) if form else "(no form)", tuple(fields)) for form, fields in groups.values())


def _field(page, element):
    control = element.get("type").lower() or {"input": "text", "select": "select-one"}.get(element.tag, element.tag)
    label, autocomplete = page.label_of(element), element.get("autocomplete")
    said = (_name(element), label, control, autocomplete, element.get("id"), element.get("placeholder"))
    return Field(said[0], label, control, autocomplete, SENSITIVE.search(",".join(said)) is not None)


def _name(element):
    return next(filter(None, map(element.get, ("data-netiv-name", "name", "id", "aria-label"))), f"<{element.tag}>")[:100]


def _data(script):
    """data-site of the snippet, where the script is ours."""
    if script.get("data-site") and re.search(r"netiv[\w.]*\.js", script.get("src")):
        return {"site": script.get("data-site")}
    made = re.search(r"dataset\.site\s*=\s*['\"]([^'\"]+)", script.text)  # the tag manager's variant
    return {"site": made[1]} if made and "netiv" in script.text else {}


def has_second(page):
    """Is the second script in the page, by its tag or by a tag manager's code?"""
    return any("/netiv-x.js" in script.get("src") + script.text for script in page.scripts)


def _hints(page, scripts, stub):
    inline = "\n".join(script.text for script in page.scripts)
    if not scripts:
        yield "The snippet is not in this page. The site's settings page has it ready to copy."
    if len(scripts) > 1:
        yield f"The snippet is in this page {len(scripts)} times; one is enough."
    if scripts and not stub:
        yield "The stub, the snippet's first line, is missing: calls of netiv() before the script has loaded would fail."
    if has_second(page) and not any(script.text == HOLD for script in page.scripts):
        yield "The second script is here without the inline script before it: where an experiment runs, the page may show the control first."
    if not page.language:
        yield "The page does not say its language; add lang to <html>, for example lang=\"he\"."
    if re.match(r"(he|iw|ar|fa|ur)\b", page.language) and page.direction != "rtl":
        yield f"The language is {page.language} and the direction is not; add dir=\"rtl\" to <html>."
    if page.ids & SPA_ROOTS and page.text < LITTLE_TEXT:
        yield "This looks like a single-page app: its forms appear in the browser only, so they are not listed here; " \
              "the tracker finds them. If its routes are behind #, add data-netiv-hash to the script tag."
    tag_manager = re.search(r"GTM-[A-Z0-9]{4,}", inline + " ".join(page.addresses))
    if tag_manager:
        yield f"Google Tag Manager ({tag_manager[0]}) is here: the snippet can go in as a Custom HTML tag."
    if "dataLayer" in inline or tag_manager:
        yield "A dataLayer is here: data-netiv-datalayer on the script tag records its e-commerce events."
    if "wordpress" in page.generator.lower() or any("/wp-content/" in each for each in page.addresses):
        yield "WordPress made this page: the settings page has a variant of the snippet for functions.php."
    for host in dict.fromkeys(filter(None, (_origin(frame, "https:").partition("//")[2] for frame in page.frames))):
        paying = " It looks like a payment form." if PAYMENT.search(host) else ""
        yield f"What happens inside the frame of {host} is not recorded.{paying}"
    if page.marked:
        yield f"{page.marked} elements carry data-netiv-… attributes."


def _origin(address, base=""):
    """Scheme and host of an address, "" when it has none or cannot be read."""
    try:
        parts = urlsplit(urljoin(base, address))
    except ValueError:  # such as //[
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
