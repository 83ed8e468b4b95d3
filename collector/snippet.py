"""The lines an owner pastes into the site, in the variants the settings page shows. Pure."""

from collections import namedtuple

from collector.fields import N_

Snippet = namedtuple("Snippet", "name title where code")

STUB = "window.netiv = window.netiv || function () { (netiv.q = netiv.q || []).push(arguments) };"


def variants(host_url, key, built):
    """Snippets for one site. Takes the collector's address, the site's key, and what is known of the
    built tracker: `file` and `integrity`, or nothing."""
    base = host_url.rstrip("/")
    found = [
        Snippet("html", N_("Any page"), N_("Paste it into the head of every page."), _html(base, key)),
        Snippet("gtm", N_("Google Tag Manager"),
                N_("New tag, Custom HTML, trigger “Consent Initialization” or “All Pages”."), _gtm(base, key)),
        Snippet("wordpress", N_("WordPress"),
                N_("At the end of functions.php of your child theme, or in a snippets plug-in."), _wordpress(base, key)),
    ]
    if built.get("integrity"):
        found.insert(1, Snippet(
            "integrity", N_("Any page, with integrity"),
            N_("The browser refuses any other file. Paste it again after every upgrade."),
            _html(base, key, built["file"], f' integrity="{built["integrity"]}" crossorigin="anonymous"')))
    return found


def _html(base, key, name="netiv.js", more=""):
    return (f"<script>{STUB}</script>\n"
            f'<script defer src="{base}/{name}" data-site="{key}"{more}></script>')


def _gtm(base, key):
    # a tag manager takes attributes off script tags it adds, so this one is made by hand
    return ("<script>\n"
            f"{STUB}\n"
            "(function (script) {\n"
            f"  script.src = '{base}/netiv.js';\n"
            f"  script.dataset.site = '{key}';\n"
            "  script.async = true;\n"
            "  document.head.appendChild(script);\n"
            "})(document.createElement('script'));\n"
            "</script>")


def _wordpress(base, key):
    return ("add_action('wp_head', function () { ?>\n"
            f"{_html(base, key)}\n"
            "<?php }, 1);")
