"""What every answer carries, and what an error looks like: a page to people, JSON to programs."""

from flask import Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, SecurityError, Unauthorized

from collector import current, locale
from collector.fields import BadField, N_
from collector.filters import BadFilter
from collector.period import BadPeriod
from collector.signin import TooManyTries
from collector.storage import StoreError

CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
       "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
       "require-trusted-types-for 'script'; trusted-types 'none'")
HEADERS = {"Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
           "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
           "X-Frame-Options": "DENY",
           "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()"}
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")  # headers of an error that its answer keeps
RETRY_SECONDS = 10
SENTENCES = {
    400: N_("This address or form says something we do not understand."),
    401: N_("Sign in first."),
    403: N_("You may not do this. If you came from a form, open it again and send it once more."),
    404: N_("There is nothing here, or it is not yours to see."),
    405: N_("This address does not take that kind of request."),
    413: N_("That is more than we take at once."),
    429: N_("Too many tries. Wait a few minutes."),
    500: N_("Something of ours broke. It is written down in the server's log."),
    503: N_("The database cannot be used just now. What was collected is kept; try again in a few seconds."),
}


def set_up(app, store):
    """Gives `app` its error pages and the headers of every answer."""
    app.register_error_handler(HTTPException, lambda error: _answer(error.code, error=error))
    for wrong in (BadField, BadFilter, BadPeriod):
        app.register_error_handler(wrong, _wrong)
    app.register_error_handler(TooManyTries, _too_many_tries)
    for broken in (store.Error, StoreError):
        app.register_error_handler(broken, _database)
    app.after_request(_headers)
    told = app.config["DATA_DIR"] / "damaged.txt"  # written when a damaged database was set aside
    app.context_processor(lambda: {"damaged": bool(g.get("actor")) and told.exists()})


def _wrong(error):
    if not current.wants_json():
        return _answer(error.status, error.field, locale.said(error))
    said = [{"field": each.field, "message": each.message} for each in error.errors]
    answer = jsonify(error=said[0], **({"errors": said} if len(said) > 1 else {}))
    answer.status_code = error.status
    return answer


def _answer(status, field="", message="", error=None):
    if isinstance(error, SecurityError):  # no page can be made for a host that is not ours
        return Response(f"{error.description}\n", status, mimetype="text/plain")
    g.setdefault("actor", None)  # the page must not ask a database that may be what is broken
    if error is not None and error.response is not None:
        return error.response
    message = message or _(_own_words(error) or SENTENCES.get(status, SENTENCES[500]))
    if current.wants_json():
        answer = jsonify(error={"field": field, "message": message})
    else:
        answer = current_app.make_response(render_template(
            "error.html", status=status, message=f"{field}: {message}" if field else message))
    answer.status_code = status
    if error is not None:
        answer.headers.extend((name, value) for name, value in error.get_headers() if name in KEPT)
    return answer


def _own_words(error):
    """What current.py says of a 401 to programs; werkzeug's own sentences are in English only."""
    return error.description if isinstance(error, Unauthorized) and error.www_authenticate else ""


def _too_many_tries(error):
    answer = _answer(429)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _database(error):
    current_app.logger.error("database: %s", error, exc_info=True)
    answer = _answer(503)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _headers(answer):
    if request.blueprint == "shop":
        return answer
    if request.endpoint == "static":  # the same for everybody; the editor's copy of the demo's pages, of no origin, wants its styles
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.is_secure:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and "v" in request.args:  # the address changes with the file
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif not current.is_outside():
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
