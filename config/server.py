"""Serving the site from `manage.py start`: gunicorn where it runs, Django's own server on Windows; a worker beside."""

import contextlib
import os
import socket
import subprocess
import sys

from django.conf import settings
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
    with worker_beside():
        if os.name == "posix":
            serve_with_gunicorn(host, port)
        else:
            call_command("runserver", f"{host}:{port}", use_reloader=False)


@contextlib.contextmanager
def worker_beside():
    """A worker for the large imports as long as the site is served."""
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    command = [sys.executable, "-m", "config.keeping", *manage, "worker", "--verbosity", "0"]
    # a session of its own: Ctrl+C is for the site, whose end the keeper sees by the closed pipe
    keeper = subprocess.Popen(  # noqa: S603 (our own programs)
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield
    finally:
        keeper.stdin.close()
        keeper.wait()


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
