"""What stands in a page's HTML, as far as the tracker cares: forms, fields, scripts, policies. Pure.

Scripts are not run, so what a page builds in the browser is not seen here.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

NO_FIELD = {"hidden", "submit", "button", "reset", "image"}  # input types that nobody fills
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INSIDE_LABEL = {"select", "textarea", "option", "script", "style"}  # whose text is no part of a label


@dataclass
class Element:
    tag: str
    attributes: dict
    form: "Element" = None
    text: str = ""

    def get(self, name):
        return self.attributes.get(name) or ""


@dataclass
class Page:
    language: str = ""
    direction: str = ""
    title: str = ""
    text: int = 0  # characters a visitor could read
    scripts: list = field(default_factory=list)
    policies: list = field(default_factory=list)  # of <meta http-equiv>
    forms: list = field(default_factory=list)
    fields: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    links: list = field(default_factory=list)
    buttons: int = 0
    frames: list = field(default_factory=list)  # addresses
    generator: str = ""
    addresses: list = field(default_factory=list)  # of sheets, pictures and scripts
    ids: set = field(default_factory=set)
    marked: int = 0  # elements with a data-netiv attribute

    def form_of(self, element):
        """By the form attribute, else the one around it, else None."""
        wanted = element.get("form")
        return next((form for form in self.forms if form.get("id") == wanted), None) if wanted else element.form

    def label_of(self, element):
        """What stands beside a field, as the tracker names it."""
        said = element.get("data-netiv-name") or element.get("aria-label")
        if not said and element.get("type") not in ("radio", "checkbox"):
            said = next((label.text for label in self.labels
                         if element in label.attributes["fields"] or element.get("id") and label.get("for") == element.get("id")), "")
        return " ".join((said or element.get("placeholder") or element.get("title")).split())[:100]


def read(html):
    """The Page of an HTML text, however broken."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.page = Page()
        self.open = []

    def handle_starttag(self, tag, attributes):
        element = Element(tag, {name: value or "" for name, value in attributes}, self._around("form"))
        if tag not in VOID:
            self.open.append(element)
        page = self.page
        page.marked += any(name.startswith("data-netiv-") for name in element.attributes) and tag != "script"
        if element.get("id"):
            page.ids.add(element.get("id"))
        if element.get("src") or tag == "link":
            page.addresses.append(element.get("src") or element.get("href"))
        if tag in ("html", "body"):
            page.language = page.language or element.get("lang")
            page.direction = page.direction or element.get("dir").lower()
        elif tag == "script":
            page.scripts.append(element)
        elif tag == "meta":
            self._meta(element)
        elif tag == "form" or element.get("role") == "form":
            page.forms.append(element)
        elif tag == "label":
            element.attributes["fields"] = []
            page.labels.append(element)
        elif tag == "a" and element.get("href"):
            page.links.append(element)
        elif tag == "iframe":
            page.frames.append(element.get("src"))
        if tag == "button" or (tag == "input" and element.get("type").lower() in NO_FIELD - {"hidden"}) \
                or element.get("role") == "button":
            page.buttons += 1
        elif is_field(element):
            page.fields.append(element)
            if label := self._around("label"):
                label.attributes["fields"].append(element)

    def handle_endtag(self, tag):
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data):
        if not self.open:
            return
        inner = self.open[-1]
        if inner.tag == "title":
            self.page.title += data
        elif inner.tag == "script":
            inner.text += data
        elif inner.tag not in ("style", "template"):
            self.page.text += len(data.strip())
            label = self._around("label")
            if label and inner.tag not in INSIDE_LABEL:
                label.text += data

    def _meta(self, element):
        if element.get("http-equiv").lower() == "content-security-policy":
            self.page.policies.append(element.get("content"))
        elif element.get("name").lower() == "generator":
            self.page.generator = element.get("content")

    def _around(self, tag):
        return next((element for element in reversed(self.open)
                     if element.tag == tag or tag == "form" and element.get("role") == "form"), None)


def is_field(element):
    """Something a visitor fills."""
    if element.tag == "input":
        return element.get("type").lower() not in NO_FIELD
    return element.tag in ("select", "textarea") or element.attributes.get("contenteditable", "false").lower() in ("", "true")
