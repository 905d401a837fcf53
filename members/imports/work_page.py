"""What the page of a batch shows while a worker has it in hand, or after work on it came to nothing."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.imports import failures, progress, work
from members.models import ImportBatch

Work = ImportBatch.Work

PHASES = {
    progress.READING: gettext_lazy("Reading the file"),
    progress.UNDERSTANDING: gettext_lazy("Understanding its rows"),
    progress.CHECKING: gettext_lazy("Comparing with the register"),
    progress.KEEPING: gettext_lazy("Keeping the preview"),
    progress.APPLYING: gettext_lazy("Writing into the register"),
    progress.UNDOING: gettext_lazy("Taking back"),
}
TITLES = {
    Work.READING: gettext_lazy("The file is being read"),
    Work.REREADING: gettext_lazy("The file is being read again"),
    Work.APPLYING: gettext_lazy("The rows are being imported"),
    Work.UNDOING: gettext_lazy("The import is being undone"),
}
ROUGHLY = 10
"""Seconds: a time left that is longer is told in tens of seconds, and from a minute on in minutes."""


def work_view(batch):
    """The context of the page: what is in hand and how far it is, or why it came to nothing."""
    if not batch.work:
        return {"stand": "failed", "failure": batch.failure_text, "may_start_again": bool(batch.file)}
    context = {
        "work_title": TITLES[batch.work],
        "may_cancel": not progress.is_cancelled(batch.pk, batch.task),
    }
    if work.is_interrupted(batch):
        return context | {
            "stand": "interrupted",
            "failure": str(failures.OWN["interrupted"]),
            "may_start_again": True,
        }
    if batch.work_started_at is None:
        return context | {"stand": "waiting", "has_worker": progress.has_worker()}
    return context | {"stand": "running", **_progress(batch)}


def _progress(batch):
    stand = progress.stand_of(batch)
    if stand is None:
        return {"phases": _phases(batch, None), "fraction": None, "left": ""}
    fraction, seconds = stand.fraction(batch.work), stand.seconds_left(batch.work)
    return {
        "phases": _phases(batch, stand),
        "fraction": None if fraction is None else round(100 * fraction),
        "left": "" if seconds is None else time_left(seconds),
    }


def _phases(batch, stand):
    """[{label, state (done, now or later), count}] of the work in hand; `count` is a phrase about its rows."""
    phases = list(progress.SHARES[batch.work])
    now = phases.index(stand.phase) if stand else 0
    return [
        {
            "label": PHASES[phase],
            "state": "done" if number < now else "now" if number == now else "later",
            "count": _rows(stand) if stand and number == now else "",
        }
        for number, phase in enumerate(phases)
    ]


def _rows(stand):
    if stand.total is None:
        return ngettext("{done} row", "{done} rows", stand.done).format(done=f"{stand.done:,}")
    return _("{done} of {total} rows").format(done=f"{stand.done:,}", total=f"{stand.total:,}")


def time_left(seconds):
    """About how long, in words."""
    if seconds < ROUGHLY:
        return _("a few seconds left")
    if seconds < 60:
        count = round(seconds, -1)
        return _("about {count} seconds left").format(count=int(count))
    count = round(seconds / 60)
    return ngettext("about {count} minute left", "about {count} minutes left", count).format(count=count)
