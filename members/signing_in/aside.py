"""Sending beside the request: how long a mail server or a gateway takes must not tell whether an account exists."""

import logging
import threading

from django.conf import settings

log = logging.getLogger(__name__)


def aside(what, send, *args):
    """Call `send(*args)` in a thread of its own; what goes wrong is logged as "`what` was not sent", without `args`.

    `send` must not touch the database: its connection would outlive the thread's work.
    """

    def run():
        try:
            send(*args)
        except Exception as error:  # whatever a mail server or a gateway may come up with
            # a traceback would show the code that was to be sent
            log.error("%s was not sent: %s: %s", what, type(error).__name__, error)

    if settings.SEND_ASIDE:
        threading.Thread(target=run, daemon=True).start()
    else:
        run()
