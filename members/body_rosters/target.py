"""Which body and term a roster is about, and what else was decided for the whole file: the options of a batch."""

import datetime as dt
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members.body_rosters.titles import Desk
from members.imports.kinds import NotWritable
from organizations.models import Appointment, Body, Term
from organizations.posts import ensure_posts, usual_posts
from organizations.services import NotPossible, begin_term, establish_body


class Target:
    """What `batch.body` and `batch.options` say, as records: those of a body or term to be made are unsaved.

    The options: ``establish`` {kind, name, hides_people} of a body to be made; ``term`` {id} of one there is, or
    {number, starts_on, planned_end_on}; ``basis`` of appointments whose row has none; ``registers`` whether persons
    not in the register become members; ``leave_on`` (ISO date) and ``leave_reason`` for posts the file does not name.
    """

    def __init__(self, batch):
        self.batch = batch

    @property
    def options(self):
        return self.batch.options

    @cached_property
    def body(self):
        """The Body, None as long as nobody knows which."""
        if self.batch.body_id:
            return self.batch.body
        wanted = self.options.get("establish")
        return Body(association=self.batch.association, **wanted) if wanted else None

    @cached_property
    def term(self):
        """The Term, None in a body without terms, or as long as nobody knows which."""
        wanted = self.options.get("term")
        if self.body is None or not self.body.has_terms or not wanted:
            return None
        if "id" in wanted:
            return Term.objects.filter(pk=wanted["id"], body=self.body).first() if self.body.pk else None
        return Term(
            body=self.body,
            number=wanted["number"],
            starts_on=dt.date.fromisoformat(wanted["starts_on"]),
            planned_end_on=dt.date.fromisoformat(wanted["planned_end_on"]),
        )

    @property
    def is_complete(self):
        """Whether rows can be understood at all."""
        return self.body is not None and (self.term is not None or not self.body.has_terms)

    @property
    def begins_term(self):
        return self.term is not None and self.term.pk is None

    @cached_property
    def running(self):
        """The Term of the body that a new one ends, if there is one."""
        if not self.begins_term or self.body.pk is None:
            return None
        return self.body.terms.in_force_on(self.term.starts_on).first()

    @cached_property
    def own(self):
        """The Desk of the body itself."""
        posts = self.batch.association.posts.offered_by(self.body)
        found = list(posts) or usual_posts(self.batch.association, self.body.kind)
        return Desk(self.body, self.term, {post.title: post for post in found})

    @cached_property
    def desks(self):
        """The Desks whose posts a row may name: the body's own, then those of the bodies of which there is one each.

        Of these the ones with a running term; who hides its people is left out, or the file would tell of them.
        """
        others = Body.objects.filter(
            association=self.batch.association, kind__in=Body.ONLY_ONE, dissolved_on="", hides_people=False
        ).exclude(pk=self.body.pk)
        desks = [self.own]
        for body in others:
            term = body.terms.in_force_on(timezone.localdate()).first()
            if term:
                posts = self.batch.association.posts.offered_by(body).filter(is_retired=False)
                desks.append(Desk(body, term, {post.title: post for post in posts}))
        return desks

    @cached_property
    def held(self):
        """The valid appointments of the bodies of `desks`; as they will be once a new term has begun."""
        bodies = [desk.body for desk in self.desks if desk.body.pk]
        rows = (
            Appointment.objects.valid()
            .filter(body__in=bodies)
            .select_related("member", "post", "body", "term")
        )
        rows = list(rows.order_by("starts_on", "pk"))
        if self.running:
            last = self.term.starts_on - dt.timedelta(days=1)
            for row in rows:
                if row.term_id == self.running.pk and (row.ends_on is None or row.ends_on > last):
                    row.ends_on = last
        return rows

    @cached_property
    def leave_on(self):
        """The last day of the posts that the file does not name; None if they go on."""
        day = self.options.get("leave_on")
        return (
            dt.date.fromisoformat(day)
            if day and self.body and self.body.pk and not self.begins_term
            else None
        )

    def in_force_on_leaving(self):
        """The appointments of the body itself that `leave_on` would end, had the file named none."""
        if self.leave_on is None:
            return Appointment.objects.none()
        day = self.leave_on
        rows = self.body.appointments.valid().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        rows = rows.filter(starts_on__lte=day)
        return rows if self.term is None else rows.filter(term=self.term)

    def establish(self):
        """Make the body and the term where they are to be made. Raises NotWritable with a sentence for people."""
        if not self.is_complete:
            raise NotWritable(_("Choose the body and the term first."))
        try:
            body = (
                self.body
                if self.body.pk
                else establish_body(self.body.association, **self.options["establish"])
            )
            ensure_posts(body.association, body.kind)
            term = self.term
            if self.begins_term:
                term = begin_term(
                    body,
                    number=term.number,
                    starts_on=term.starts_on,
                    planned_end_on=term.planned_end_on,
                    basis=self.options.get("basis", ""),
                )
        except NotPossible as reason:
            raise NotWritable(str(reason)) from reason
        except ValidationError as reason:
            raise NotWritable(" ".join(reason.messages)) from reason
        options = {key: value for key, value in self.options.items() if key != "establish"}
        self.batch.body, self.batch.options = body, options | ({"term": {"id": term.pk}} if term else {})
        posts = {post.title: post for post in body.association.posts.offered_by(body)}
        self.__dict__ |= {"body": body, "term": term, "made": Desk(body, term, posts)}

    def place(self, named):
        """(body, term, post) of a `titles.Named`, in records that are saved; after `establish`."""
        desk = self.made if named.desk is self.own else named.desk
        return {"body": desk.body, "term": desk.term, "post": desk.posts[named.title]}
