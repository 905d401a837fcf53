"""Serving the site from `manage.py start`: gunicorn where it runs, Django's own server on Windows."""

import os
import socket

from django.core.management import call_command
from django.db import connections

WORKERS, THREADS = 2, 4


def refusal(host, port):
    """Why nobody can listen on `host`:`port` (the system's words), or ``""``."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                # a server stopped a moment ago does not count
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def serve(host, port):
    """Serve until interrupted."""
    # a connection opened before the fork must not be shared by the workers
    connections.close_all()
    if os.name == "posix":
        serve_with_gunicorn(host, port)
    else:
        call_command("runserver", f"{host}:{port}", use_reloader=False)


def serve_with_gunicorn(host, port):
    from gunicorn.app.base import BaseApplication  # does not import on Windows

    class Site(BaseApplication):
        def load_config(self):
            options = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "worker_class": "gthread",
                "workers": WORKERS,
                "threads": THREADS,
                "timeout": 120,
                "graceful_timeout": 10,
                "loglevel": "warning",
                "control_socket_disable": True,
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self):
            from config.wsgi import application

            return application

    Site().run()
