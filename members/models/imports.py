import json
import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import crypto
from members.rights import Ability

PAYLOAD_COLUMN = "import_row.payload"


def upload_path(batch, filename):
    """A name nobody can guess; the name the file came with is kept in the batch."""
    return f"rosters/{secrets.token_urlsafe(24)}.bin"


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Batches of the associations into which `user` may import."""
        return self.filter(association__in=user.rights.associations_for(Ability.IMPORT))


class ImportBatch(models.Model):
    """One uploaded roster on its way into the register (design §5)."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", pgettext_lazy("import", "to be confirmed")
        APPLIED = "applied", pgettext_lazy("import", "applied")
        UNDONE = "undone", pgettext_lazy("import", "undone")
        DISCARDED = "discarded", pgettext_lazy("import", "discarded")

    association = models.ForeignKey(
        "organizations.Association",
        models.CASCADE,
        related_name="import_batches",
        verbose_name=_("association"),
    )
    state = models.CharField(
        pgettext_lazy("import", "state"), max_length=12, choices=State, default=State.PREVIEWED
    )
    file = models.FileField(_("file"), upload_to=upload_path, blank=True)
    file_name = models.CharField(_("file name"), max_length=255)
    file_digest = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=10)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    # per sheet: name, hidden, layout, header_rows, columns, messages (of headers), skipped; the contract's shape
    sheets = models.JSONField(default=list)
    # rows by action: {"rows": 39, "new": 30, "update": 5, "unchanged": 3, "error": 1, "question": 0, "skipped": 4}
    counts = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="import_batches",
        verbose_name=_("uploaded by"),
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    # steps written so far: a batch is applied again when rows left open have become ready
    steps_applied = models.PositiveSmallIntegerField(default=0)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["applied", "undone"]) | models.Q(steps_applied__gt=0),
                name="applied_batch_has_steps",
            )
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("members:import_batch", args=[self.pk])

    @property
    def ready(self):
        """Number of rows that could be written and are not yet."""
        return self.counts["new"] + self.counts["update"] - self.counts.get("applied", 0)


class ImportStep(models.Model):
    """One writing of a batch into the register, or the undoing of them all; each is one action of the history."""

    batch = models.ForeignKey(
        ImportBatch,
        models.CASCADE,
        db_index=False,  # the unique number begins with it
        related_name="steps",
        verbose_name=_("import"),
    )
    number = models.PositiveSmallIntegerField()  # 1, 2 … of those that write; 0 of the one that undoes
    action = models.OneToOneField(
        "organizations.Action",
        models.SET_NULL,
        null=True,
        related_name="import_step",
        verbose_name=_("action"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    # also the moment of entry of what the step wrote
    at = models.DateTimeField(_("confirmed"))
    # {"applied": 39}, or of an undoing {"removed": 30, "restored": 5, "kept": 4}
    counts = models.JSONField(default=dict)

    UNDOING = 0

    class Meta:
        verbose_name = _("import step")
        verbose_name_plural = _("import steps")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_step_once")]

    def __str__(self):
        return f"{self.batch} {self.number}"


class ImportRow(models.Model):
    """One row of an uploaded roster: what it says, what it would do, and after applying what it did.

    `payload` is sealed, since a row may hold an identity number. Its JSON object:
    ``values`` {key: text}, ``messages`` [{cell, level, code, params}], ``kept`` {column letter: text} of columns
    nobody recognised, ``diff`` {key: [before, after]} against the member matched (identity fields: None), ``derived``
    keys of values that follow from others. After applying, the pair of an identity number replaced is kept, too.
    """

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("import row", "new")
        UPDATE = "update", pgettext_lazy("import row", "changed")
        UNCHANGED = "unchanged", pgettext_lazy("import row", "unchanged")
        QUESTION = "question", pgettext_lazy("import row", "needs you")
        ERROR = "error", pgettext_lazy("import row", "left out")

    batch = models.ForeignKey(
        ImportBatch,
        models.CASCADE,
        db_index=False,  # the unique position begins with it
        related_name="rows",
        verbose_name=_("import"),
    )
    position = models.PositiveIntegerField()  # order in the file, from 0
    sheet = models.PositiveSmallIntegerField()  # index into batch.sheets
    row = models.PositiveIntegerField()  # 1-based row of the sheet, line of a CSV
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    is_doubtful = models.BooleanField(default=False)  # has messages
    # the step that writes the row: with all that was ready at first, or with a later one after somebody saw to it
    step = models.PositiveSmallIntegerField(default=1, db_default=1)
    # the member matched; those that a row created point at it by `imported_from`
    member = models.ForeignKey(
        "members.Member",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_rows",
        verbose_name=_("member"),
    )
    # the member's version when the preview was made: a later one means somebody wrote in between
    member_version = models.PositiveIntegerField(null=True)
    payload = models.BinaryField()

    class Meta:
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="import_row_once"),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "position"], name="import_row_by_outcome")]

    def __str__(self):
        return f"{self.batch} {self.row}"

    def content(self):
        """The payload's JSON object."""
        return payload_opener()(self.payload)

    def is_written(self, batch):
        """Whether `batch`, the row's own, has written it into the register."""
        return self.outcome in WRITTEN and self.step <= batch.steps_applied


# outcomes of rows that write something
WRITTEN = (ImportRow.Outcome.NEW, ImportRow.Outcome.UPDATE)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def payload_sealer():
    """The function that makes a payload of its content."""
    seal = crypto.sealer(PAYLOAD_COLUMN)
    return lambda content: seal(_encode(content))


def payload_opener():
    """The function that reads a payload's content; what is empty is not stored."""
    unseal = crypto.opener(PAYLOAD_COLUMN)
    empty = {"values": {}, "messages": [], "kept": {}, "derived": [], "diff": {}}
    return lambda payload: empty | json.loads(unseal(payload))
