"""The lines an owner pastes into the site, in the variants the settings page shows. Pure."""

from collections import namedtuple

from collector.fields import N_

Snippet = namedtuple("Snippet", "name title where code")

STUB = "window.netiv = window.netiv || function () { (netiv.q = netiv.q || []).push(arguments) };"


# Keeps the page from waiting for the second script longer than a second. Where a browser does not know blocking="render",
# it holds the page back itself. A script that comes late finds its tag removed, and changes nothing; the tracker waits for
# its load or error, so it hears of that too.
HOLD = """(function (style) {
  function show(event) {
    if (event && event.target.id !== 'netiv-x') return;
    var script = document.getElementById('netiv-x');
    style.opacity = '';
    if (!script) return;
    script.remove();
    if (!event) script.dispatchEvent(new Event('error'));
  }
  if (!('blocking' in document.currentScript)) style.opacity = 0;
  document.addEventListener('load', show, true);
  document.addEventListener('error', show, true);
  setTimeout(show, 1000);
})(document.documentElement.style);"""


def variants(host_url, key, built, experiments=False):
    """Snippets for one site. Takes the collector's address, the site's key, what is known of the built tracker: `file`
    and `integrity`, or nothing; and whether the site has experiments, which need a second script."""
    base = host_url.rstrip("/")
    second = _second(base, key) if experiments else ""
    found = [
        Snippet("html", N_("Any page"), N_("Paste it into the head of every page."), _html(base, key, second)),
        Snippet("gtm", N_("Google Tag Manager"), N_(
            "New tag, Custom HTML, trigger “Consent Initialization” or “All Pages”. A tag manager comes after the first paint: where "
            "experiments run, visitors see the control for a moment. Paste the snippet for any page instead.") if experiments else
            N_("New tag, Custom HTML, trigger “Consent Initialization” or “All Pages”."), _gtm(base, key, experiments)),
        Snippet("wordpress", N_("WordPress"),
                N_("At the end of functions.php of your child theme, or in a snippets plug-in."), _wordpress(base, key, second)),
    ]
    if built.get("integrity"):
        found.insert(1, Snippet(
            "integrity", N_("Any page, with integrity"), N_(
                "The browser refuses any other file as the tracker. Paste it again after every upgrade. What the second script says "
                "differs from visitor to visitor, so nothing can vouch for it.") if experiments else
            N_("The browser refuses any other file. Paste it again after every upgrade."),
            _html(base, key, second, built["file"], f' integrity="{built["integrity"]}" crossorigin="anonymous"')))
    return found


def _html(base, key, second, name="netiv.js", more=""):
    return (f"<script>{STUB}</script>\n"
            f"{second}"
            f'<script defer src="{base}/{name}" data-site="{key}"{more}></script>')


def _second(base, key):
    return (f"<script>{HOLD}</script>\n"
            f'<script async blocking="render" id="netiv-x" fetchpriority="high" src="{base}/netiv-x.js?site={key}"></script>\n')


def _gtm(base, key, experiments):
    # a tag manager takes attributes off script tags it adds, so this one is made by hand
    second = ("  var second = document.createElement('script');\n"
              f"  second.src = '{base}/netiv-x.js?site={key}';\n"
              "  document.head.appendChild(second);\n") if experiments else ""
    return ("<script>\n"
            f"{STUB}\n"
            "(function (script) {\n"
            f"{second}"
            f"  script.src = '{base}/netiv.js';\n"
            f"  script.dataset.site = '{key}';\n"
            "  script.async = true;\n"
            "  document.head.appendChild(script);\n"
            "})(document.createElement('script'));\n"
            "</script>")


def _wordpress(base, key, second):
    return ("add_action('wp_head', function () { ?>\n"
            f"{_html(base, key, second)}\n"
            "<?php }, 1);")
