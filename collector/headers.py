"""What a request says about its sender besides the body. Pure: reads a WSGI environ."""


def address(environ, proxies=0):
    """The sender's address. Takes how many proxies of ours stand in front; each adds one address at the right.

    >>> address({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 8.8.8.8"})
    '10.0.0.1'
    >>> address({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 8.8.8.8"}, proxies=1)
    '8.8.8.8'
    """
    peer = environ.get("REMOTE_ADDR", "")
    if not proxies:
        return peer
    named = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return named[-proxies] if len(named) >= proxies else peer


def opt_out(environ, off=()):
    """"gpc", "dnt" or "": what the browser says about being measured.

    `off` are the signals that the site does not honour; of two the honoured one counts.

    >>> opt_out({"HTTP_SEC_GPC": "1", "HTTP_DNT": "1"})
    'gpc'
    >>> opt_out({"HTTP_SEC_GPC": "1", "HTTP_DNT": "1"}, off={"gpc"})
    'dnt'
    """
    said = [signal for signal, name in (("gpc", "HTTP_SEC_GPC"), ("dnt", "HTTP_DNT")) if environ.get(name) == "1"]
    return next((signal for signal in said if signal not in off), said[0] if said else "")


def accepts(environ, coding):
    """Whether the sender takes an answer in `coding`, "br" or "gzip".

    >>> accepts({"HTTP_ACCEPT_ENCODING": "gzip, br;q=0"}, "br")
    False
    """
    for part in environ.get("HTTP_ACCEPT_ENCODING", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
