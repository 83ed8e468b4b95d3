"""QR codes of addresses, drawn by segno."""

import io

QUIET = 4  # modules left white around it, as the standard asks
FORMS = {"svg": "image/svg+xml", "png": "image/png"}


def drawn(address, form):
    """The code of an address as bytes of one of FORMS: a quarter of it may be dirty or torn and it is read all the same."""
    import segno  # not above: only who prints a code needs it
    out = io.BytesIO()
    segno.make_qr(address, error="q", boost_error=False).save(out, kind=form, scale=12, border=QUIET, **({"svgclass": None, "lineclass": None} if form == "svg" else {}))
    return out.getvalue()
