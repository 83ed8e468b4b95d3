"""Puts the parts together: the application, and the command line. The only module that knows all of them."""

import os
from functools import partial
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from collector import account_views, answers, contact_api, current, frame, group_views, limits, link_api, locale, site_views
from collector import journey_views as journey_editor
from collector.cli import netiv
from collector.demo import further, is_demo
from collector.demo import views as shop_views
from collector.prepare import secret
from collector.storage import open_store
from collector.views import front
from experiments import api as experiments_api
from experiments import calculator_views, define_views, delivery, editor_views, ofrep, preview_views, result_views
from experiments import navigation as experiments_navigation
from journeys import api, funnel_views, link_views, map_views, navigation, outside_views, pain_api, pain_views, persona_views
from journeys import views as journey_views

__all__ = ["create_app", "netiv"]

ROOT = Path(__file__).resolve().parent
OUTSIDE = ("shop", "ofrep", "preview")  # blueprints that are no pages of ours


class NotReady(RuntimeError):
    """The server cannot start; the message says what to do."""


def create_app(data_dir=None, **config):
    """The application on a data directory, by default the one in NETIV_DATA. `config` goes over Flask's own."""
    data_dir = Path(data_dir or os.environ.get("NETIV_DATA") or _not_told())
    app = Flask("netiv", root_path=ROOT, template_folder="templates", static_folder="templates/static")
    app.config.update(DATA_DIR=data_dir, SECRET_KEY=secret(data_dir) or _no_secret(data_dir), SESSION_COOKIE_SAMESITE="Lax",
                      MAX_CONTENT_LENGTH=1_000_000, MAX_FORM_MEMORY_SIZE=1_000_000, TRUSTED_HOSTS=_words(os.environ.get("NETIV_HOSTS")), **config)
    app.url_map.converters["int"] = partial(IntegerConverter, max=2 ** 63 - 1)  # what the store can hold
    store = open_store(data_dir)
    locale.set_up(app, ROOT / "templates" / "translations")
    current.set_up(app, store, outside=OUTSIDE)
    answers.set_up(app, store)
    frame.set_up(app, rooms=(navigation.groups, experiments_navigation.groups))
    for part in (account_views, site_views, journey_editor, outside_views, link_views, journey_views, funnel_views, group_views, map_views, pain_views, persona_views, contact_api, link_api, pain_api, api, experiments_api, calculator_views, define_views, editor_views, preview_views,
                 result_views):
        app.register_blueprint(part.blueprint)
    define_views.set_up(app, drafted=pain_views.drafted)
    ofrep.set_up(app, store, float(os.environ.get("NETIV_RATE") or limits.REQUESTS_PER_SECOND))
    if is_demo(data_dir):
        app.register_blueprint(shop_views.blueprint)
    hops = int(os.environ.get("NETIV_PROXIES") or 0)
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    app.wsgi_app = front(app.wsgi_app, data_dir, store, proxies=hops,
                         further={delivery.PATH: lambda way_in: delivery.Delivery(way_in, store)})
    return app


further += ("collector.demo.outside", "experiments.demo", "journeys.demo")  # whose visitors are named comes first

# the command line reads a module when its command is asked for: the server needs none of them
netiv.later.update({
    "site": "collector.people_cli:site", "user": "collector.people_cli:user", "token": "collector.token_cli:token", "report": "journeys.cli:report", "funnel": "journeys.funnel_cli:funnel", "pain": "journeys.pain_cli:pain",
    "experiment": "experiments.cli:experiment", "journey": "collector.journey_cli:journey", "segment": "collector.segment_cli:segment",
    "import": "collector.history_cli:import_group", "contacts": "collector.contact_cli:contacts_group", "orders": "collector.contact_cli:orders_group", "link": "collector.link_cli:link",
    "export": "collector.export:export", "erase": "collector.keep_cli:erase",
    "backup": "collector.keep_cli:make_backup", "restore": "collector.keep_cli:restore",
    "calc": "experiments.calc_cli:calc", "verify": "experiments.packet_cli:verify", "demo": "collector.demo.cli:demo", "doctor": "collector.doctor.cli:doctor", "bench": "bench.cli:bench"})


def _no_secret(data_dir):
    raise NotReady(f"{data_dir / 'secret'} is missing or empty; `netiv serve --data {data_dir}` makes one and starts")


def _not_told():
    raise NotReady("NETIV_DATA is not set; set it to the data directory, or start with `netiv serve --data DIR`")


def _words(text):
    """Words of a comma-separated setting, or None when it is not set."""
    return [word.strip() for word in text.split(",") if word.strip()] if text else None
