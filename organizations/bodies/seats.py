"""Posts and the people in them on a day: seats, holders, vacancies."""

from dataclasses import dataclass

from django.db.models import Count

from organizations.models import Appointment, Post


@dataclass(frozen=True, slots=True)
class Seats:
    """A post of one body on one day."""

    post: Post
    held: int
    """Holders, those who act left out."""
    acting: int

    @property
    def vacant(self):
        """How many of its seats nobody holds; 0 where any number may."""
        return max((self.post.seats or 0) - self.held, 0)


def seats_on(day, bodies):
    """{id of a body: [Seats]} of `bodies` on the local date `day`, highest post first, in two statements.

    Of the posts no longer offered only those that somebody holds.
    """
    kinds = {(body.association_id, body.kind) for body in bodies}
    posts = Post.objects.filter(
        association__in={association for association, _kind in kinds},
        body_kind__in={kind for _, kind in kinds},
    ).order_by("rank", "id")
    offered = {}
    for post in posts:
        offered.setdefault((post.association_id, post.body_kind), []).append(post)
    held = _holders(day, bodies)
    return {
        body.pk: [
            Seats(post, held.get((body.pk, post.pk, False), 0), held.get((body.pk, post.pk, True), 0))
            for post in offered.get((body.association_id, body.kind), [])
            if not post.is_retired or (body.pk, post.pk, False) in held or (body.pk, post.pk, True) in held
        ]
        for body in bodies
    }


def _holders(day, bodies):
    """{(body, post, whether acting): number of holders} on the local date `day`."""
    rows = Appointment.objects.in_force_on(day).filter(body__in=[body.pk for body in bodies])
    counted = rows.order_by().values_list("body", "post", "is_acting").annotate(count=Count("pk"))
    return {(body, post, acting): count for body, post, acting, count in counted}


def people_on(day, bodies):
    """{id of a body: number of persons in it} on the local date `day`; who holds two posts counts once."""
    rows = Appointment.objects.in_force_on(day).filter(body__in=[body.pk for body in bodies])
    return dict(rows.order_by().values_list("body").annotate(Count("member", distinct=True)))
