"""netiv doctor: fetches a page, or reads a file, and prints what the tracker would record there."""

import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import asdict, replace
from pathlib import Path

import click

from collector.cli import Problem
from collector.doctor.findings import examine

LONGEST = 5 << 20  # bytes of a page
SECONDS = 10  # for the whole of it


@click.command()
@click.argument("page", metavar="URL-OR-FILE")
@click.option("--collector", metavar="ORIGIN", default="", help="Where your Netiv is, as https://netiv.example; "
              "found by itself when the page has the snippet.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(page, collector, as_json):
    """Read a page of your site and say what would be recorded there, and what is in the way.

    The page is fetched once, as it is for a visitor who has not signed in. Its scripts are not run.
    """
    html, headers, url = fetch(page) if re.match(r"[a-z]+://", page, re.I) else read_file(page)
    found = examine(html, headers, url, collector.rstrip("/"))
    if url not in ("", page):
        found = replace(found, redirected_from=page)
    click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2) if as_json else as_text(found))
    if found.problems:
        raise SystemExit(1)


def read_file(name):
    try:
        with open(Path(name), "rb") as file:
            return decoded(file.read(LONGEST), None), (), ""
    except OSError as error:
        raise Problem(f"{name}: {error.strerror}") from None


def fetch(url):
    """(HTML, headers, address after redirects) of a web page. Raises Problem."""
    request = urllib.request.Request(url, headers={"User-Agent": "Netiv doctor", "Accept": "text/html"})
    until = time.monotonic() + SECONDS
    try:
        with opener().open(request, timeout=SECONDS) as answer:
            return decoded(read_until(answer, until), answer.headers.get_content_charset()), answer.headers.items(), answer.url
    except urllib.error.HTTPError as error:
        error.close()
        raise Problem(f"{url} answers {error.code} {error.reason}") from None
    except (OSError, ValueError) as error:
        raise Problem(f"{url} cannot be read: {getattr(error, 'reason', error)}") from None


def opener():
    """Knows http and https and nothing else: no file, no ftp, no data, not by a redirect either."""
    made = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler, urllib.request.UnknownHandler, urllib.request.HTTPHandler,
                    urllib.request.HTTPSHandler, urllib.request.HTTPDefaultErrorHandler,
                    urllib.request.HTTPRedirectHandler, urllib.request.HTTPErrorProcessor):
        made.add_handler(handler())
    return made


def read_until(answer, until):
    body = b""
    while len(body) < LONGEST and (part := answer.read1(min(1 << 16, LONGEST - len(body)))):
        body += part
        if time.monotonic() > until:
            raise TimeoutError(f"it takes longer than {SECONDS} s")
    return body


def decoded(body, charset):
    """The text of a page: by its header, by its own meta, else UTF-8."""
    told = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", body[:2048], re.I)
    for name in filter(None, (charset, told and told[1].decode("ascii"))):
        try:
            return body.decode(name, errors="replace")
        except LookupError:  # no charset there is
            continue
    return body.decode("utf-8", errors="replace")


# -- as text

def as_text(found):
    return "\n".join([*_about(found), *_forms(found), *_problems(found), *_hints(found)])


def _about(found):
    yield f"Page      {found.title or '(no title)'}{'  ' + found.url if found.url else ''}"
    if found.redirected_from:
        yield f"          redirected from {found.redirected_from}: this is the page that was read"
    yield f"Language  {found.language or 'not said'}, direction {found.direction}"
    second = "with the second script: experiments show here" if found.second else "without the second script: no experiment shows here"
    yield f"Snippet   {'found, site ' + ', '.join(found.sites) + ', ' + second if found.sites else 'not found'}"
    yield f"Clicks    {found.buttons} buttons, {found.links} links" + (f", {found.outbound} of them to other sites" if found.outbound else "")
    yield ""


def _forms(found):
    yield "Forms: what is done in a field is recorded, what is typed never"
    if not found.forms:
        yield "  none in the HTML"
    for form in found.forms:
        yield f"  {form.name}, {len(form.fields)} fields"
        for field in form.fields:
            label = f"“{field.label}”" if field.label else ""
            what = "sensitive: only that it was entered and left" if field.sensitive else ""
            yield f"    {field.name:<20} {field.control:<12} {label}  {what}".rstrip()
    yield ""


def _problems(found):
    yield "In the way: " + ("nothing found" if not found.problems else "")
    for problem in found.problems:
        yield f"  Content-Security-Policy ({problem.where}), {problem.directive}: {problem.what}"
        yield f"    → {problem.add}"


def _hints(found):
    if found.hints:
        yield ""
        yield "To know"
    for hint in found.hints:
        yield f"  {hint}"
