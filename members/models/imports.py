import json
import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import crypto
from members.imports import failures
from members.rights import Ability
from organizations.models import Body

PAYLOAD_COLUMN = "import_row.payload"
LOOK_COLUMN = "import_batch.look"
BODIES = "bodies"
"""Kind of the rosters of bodies (`members.body_rosters`)."""
SHEETS = "sign_in"
"""Kind of sign-in sheets (`activities.sheets`)."""
OF_ASSOCIATION = "of_association"
"""Option of a batch that is known to be about the association itself, not about one of its bodies."""
FOLDER = "rosters"


def upload_path(batch, filename):
    """A name nobody can guess; the name the file came with is kept in the batch."""
    return f"{FOLDER}/{secrets.token_urlsafe(24)}.bin"


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Batches of the associations into which `user` may import.

        What is about a body is seen by who may edit that body; as long as nobody knows which body it is, by who
        uploaded it and who manages the association.
        """
        rights = user.rights
        own = models.Q(created_by=user) | models.Q(association__in=rights.associations_for(Ability.MANAGE))
        return self.filter(
            ~models.Q(kind__in=(BODIES, SHEETS))
            | models.Q(body__in=Body.objects.where_may(user, Ability.EDIT))
            | models.Q(body=None, **{f"options__{OF_ASSOCIATION}": True})
            | (models.Q(body=None) & own),
            association__in=rights.associations_for(Ability.IMPORT),
        )

    def with_rows_left(self):
        """Batches with rows that need somebody: questions, and errors to be corrected."""
        rows_left = models.Q(counts__question__gt=0) | models.Q(counts__error__gt=0)
        return self.filter(rows_left, state__in=OPEN_STATES)

    def unfinished(self):
        """Batches to come back to: those not confirmed yet, and those confirmed with rows left."""
        unconfirmed = (ImportBatch.State.READING, ImportBatch.State.FAILED, ImportBatch.State.PREVIEWED)
        left = self.with_rows_left().order_by().values("pk")
        return self.filter(models.Q(state__in=unconfirmed) | models.Q(pk__in=left))

    def same_file_as(self, batch):
        """Earlier batches of the same file, byte for byte, whatever its name; the latest first."""
        return self.filter(file_digest=batch.file_digest, pk__lt=batch.pk).order_by("-pk")


class ImportBatch(models.Model):
    """One uploaded roster on its way into the register (design §5)."""

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("import", "being read")
        FAILED = "failed", pgettext_lazy("import", "failed")
        PREVIEWED = "previewed", pgettext_lazy("import", "to be confirmed")
        APPLIED = "applied", pgettext_lazy("import", "applied")
        UNDONE = "undone", pgettext_lazy("import", "undone")
        DISCARDED = "discarded", pgettext_lazy("import", "discarded")

    class Work(models.TextChoices):
        READING = "reading", pgettext_lazy("work", "Reading")
        REREADING = "rereading", pgettext_lazy("work", "Reading again")
        APPLYING = "applying", pgettext_lazy("work", "Importing")
        UNDOING = "undoing", pgettext_lazy("work", "Undoing")

    association = models.ForeignKey(
        "organizations.Association",
        models.CASCADE,
        related_name="import_batches",
        verbose_name=_("association"),
    )
    # key of its `imports.kinds.SheetKind`
    kind = models.CharField(_("kind of sheet"), max_length=30, default="members", db_default="members")
    # of a roster of a body: whose it is, None as long as nobody knows or it is still to be established
    body = models.ForeignKey(
        "organizations.Body",
        models.SET_NULL,
        null=True,
        related_name="import_batches",
        verbose_name=_("body"),
    )
    # what was decided for the whole file, in the shape of its kind (`body_rosters.target.Target`)
    options = models.JSONField(default=dict)
    state = models.CharField(
        pgettext_lazy("import", "state"), max_length=12, choices=State, default=State.PREVIEWED
    )
    file = models.FileField(_("file"), upload_to=upload_path, blank=True)
    file_name = models.CharField(_("file name"), max_length=255)
    file_digest = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=10)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    # per sheet: name, hidden, layout, header_rows, columns, messages (of headers), skipped; the contract's shape,
    # and of each column `fields` (all of a fused one's) and `also` (what else its cells may fill)
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
    # what staff decided about its sheets and columns, `roster.decisions.Decisions` as JSON; {"from": id} of a batch
    # made of the columns that another one kept aside
    decisions = models.JSONField(default=dict, blank=True)
    # the first rows of each sheet and samples of its columns, for those who decide about columns; sealed like rows
    look = models.BinaryField(default=bytes, blank=True)
    # steps written so far: a batch is applied again when rows left open have become ready
    steps_applied = models.PositiveSmallIntegerField(default=0)
    # what the background worker has been asked to do and has not finished (`imports.work`)
    work = models.CharField(_("in hand"), max_length=10, choices=Work, blank=True, default="")
    # names that request: a worker that was asked before does nothing any more
    task = models.UUIDField(null=True, unique=True)
    work_started_at = models.DateTimeField(null=True)
    # why the last work came to nothing: the code of a sentence (`imports.failures`) and its parameters
    failure = models.CharField(max_length=40, blank=True, default="")
    failure_params = models.JSONField(default=dict, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["applied", "undone"]) | models.Q(steps_applied__gt=0),
                name="applied_batch_has_steps",
            ),
            models.CheckConstraint(
                condition=models.Q(work="", task=None, work_started_at=None)
                | models.Q(work="reading", state="reading", task__isnull=False)
                | models.Q(work="rereading", state="previewed", task__isnull=False)
                | models.Q(work="applying", state__in=["previewed", "applied"], task__isnull=False)
                | models.Q(work="undoing", state="applied", task__isnull=False),
                name="batch_work_fits_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="reading") | models.Q(work="reading"),
                name="batch_being_read_has_work",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(failure=""), name="failed_batch_says_why"
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("members:import_batch", args=[self.pk])

    @property
    def history_note(self):
        """What the history of the association says of it: the file's name, unless that tells of a hidden body."""
        established = self.options.get("establish", {}).get("hides_people")
        return "" if established or (self.body and self.body.hides_people) else self.file_name[:200]

    @property
    def ready(self):
        """Number of rows that could be written and are not yet."""
        # one that is being read, or could not be, has no counts
        count = self.counts.get
        return count("new", 0) + count("update", 0) - count("applied", 0)

    @property
    def failure_text(self):
        """Why the last work came to nothing, "" if it did not."""
        return failures.sentence(self.failure, self.failure_params)

    def end_work(self):
        """Have nothing in hand any more; the caller saves."""
        self.work, self.task, self.work_started_at = "", None, None
        self.failure, self.failure_params = "", {}

    @property
    def is_open(self):
        """Whether rows may still be written."""
        return self.state in OPEN_STATES

    @property
    def rows_left(self):
        """Number of rows that need somebody."""
        return self.counts.get("question", 0) + self.counts.get("error", 0)


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
    ``values`` {key: text}, ``messages`` [{cell, level, code, params, field}], ``kept`` {column letter: text} of
    columns nobody recognised, ``diff`` {key: [before, after]} against the member matched (identity fields: None),
    ``derived`` keys of values that follow from others. After applying, the pair of an identity number replaced is
    kept, too.
    Once somebody saw to the row: ``entered`` {key: text typed}, ``choice`` (the id of the member it is about, or NEW),
    ``left_out``, and ``file`` {values, messages, derived} as they were read.
    """

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("import row", "new")
        UPDATE = "update", pgettext_lazy("import row", "changed")
        UNCHANGED = "unchanged", pgettext_lazy("import row", "unchanged")
        QUESTION = "question", pgettext_lazy("import row", "needs you")
        ERROR = "error", pgettext_lazy("import row", "with errors")
        LEFT_OUT = "left_out", pgettext_lazy("import row", "left out")

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
    # of the person as the row has it, to find the row by
    name = models.CharField(_("name"), max_length=100, blank=True, db_default="")
    # who last saw to the row after it was read
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("seen to by"),
    )
    seen_at = models.DateTimeField(_("seen to"), null=True)
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


class HeaderChoice(models.Model):
    """What the staff of an association understand by a heading that the reader does not know; for the next file."""

    association = models.ForeignKey(
        "organizations.Association",
        models.CASCADE,
        db_index=False,  # the unique heading begins with it
        related_name="header_choices",
        verbose_name=_("association"),
    )
    kind = models.CharField(_("kind of sheet"), max_length=30, default="members", db_default="members")
    header = models.CharField(_("heading"), max_length=200)  # its `roster.headers.header_key`
    # a field's key, two of a fused column with "+", or one of `roster.decisions`' marks
    field = models.CharField(_("field"), max_length=60)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("chosen by")
    )
    chosen_at = models.DateTimeField(_("chosen"), auto_now=True)

    class Meta:
        verbose_name = _("choice for a heading")
        verbose_name_plural = _("choices for headings")
        ordering = ["header"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "kind", "header"], name="header_choice_once_a_kind"
            ),
            models.CheckConstraint(condition=~models.Q(header=""), name="header_choice_has_header"),
        ]

    def __str__(self):
        return f"{self.header} → {self.field}"


# states in which rows may be seen to and written
OPEN_STATES = (ImportBatch.State.PREVIEWED, ImportBatch.State.APPLIED)
# batches of which nothing was written
DISCARDABLE_STATES = (ImportBatch.State.PREVIEWED, ImportBatch.State.FAILED)
# outcomes of rows that write something, and of those that a person has to see to
WRITTEN = (ImportRow.Outcome.NEW, ImportRow.Outcome.UPDATE)
OPEN_OUTCOMES = (ImportRow.Outcome.QUESTION, ImportRow.Outcome.ERROR)
# instead of a member's id: the row is about somebody who is not in the register yet
NEW = "new"
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
