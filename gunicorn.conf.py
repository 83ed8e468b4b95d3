"""How Netiv is served: gunicorn reads this by itself. NETIV_DATA names the data directory, NETIV_BIND the address."""

import gc
import os

from collector.keeper import Keeper

bind = os.environ.get("NETIV_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("NETIV_WORKERS", 2))
threads = 16
preload_app = True  # the workers share what was read once
backlog = 1024
keepalive = 20
timeout = 60
graceful_timeout = 20
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
umask = 0o077
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
accesslog = None  # it would hold addresses
errorlog = "-"
loglevel = os.environ.get("NETIV_LOG", "warning")

_keeper = None


def when_ready(server):
    if "NETIV_DATA" in os.environ:  # else it is another application, measured under the same settings
        from journeys.reports import warm  # not above: that application does without
        warm()
    gc.freeze()  # what was loaded until now stays shared: the collector never touches it in a worker


def post_worker_init(worker):
    global _keeper
    if "NETIV_DATA" not in os.environ:
        return
    _keeper = Keeper(os.environ["NETIV_DATA"], worker.wsgi)
    _keeper.start()


def worker_exit(server, worker):
    if _keeper:
        _keeper.stop()
