"""What the user of a form of an activity may choose: hosts, bodies, lists … of the associations they work in."""

from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Campaign, ServiceField
from members.models import SavedList
from members.rights import Ability
from organizations.models import Association, Body

Kind = Body.Kind


class Choices:
    """Of a new activity all that `user` may edit; of an existing one what its association has, and what it has now."""

    def __init__(self, user, activity=None):
        self.user, self.activity = user, activity

    # -- hosts

    @cached_property
    def associations(self):
        """Those that `user` may hold activities for as a whole."""
        rows = Association.objects.where_may(self.user, Ability.EDIT)
        if self.activity:
            rows = rows.filter(pk=self.activity.association_id)
        return list(rows)

    @cached_property
    def hosting(self):
        """The bodies that `user` may hold activities for."""
        rows = Body.objects.where_may(self.user, Ability.EDIT)
        existing = rows.existing_on(timezone.localdate())
        if self.activity:
            rows = existing.filter(association=self.activity.association_id) | rows.filter(
                pk=self.activity.host_id
            )
            return list(rows.select_related("association"))
        return list(existing.select_related("association"))

    @cached_property
    def places(self):
        """The associations that the activity may be of."""
        return list({row.pk: row for row in [*self.associations, *self._of_bodies()]}.values())

    def _of_bodies(self):
        return (body.association for body in self.hosting)

    @property
    def are_several(self):
        return len(self.places) > 1

    def hosts(self):
        """Choices of "held by": a5 is an association, b7 a body; in groups where there are several associations."""
        whole = {row.pk for row in self.associations}
        groups = []
        for place in self.places:
            of_it = [(f"a{place.pk}", str(place))] if place.pk in whole else []
            of_it += [(f"b{body.pk}", str(body)) for body in self.hosting if body.association_id == place.pk]
            groups.append((str(place), of_it))
        if self.are_several:
            return [("", "---------"), *groups]
        found = groups[0][1] if groups else []
        return found if len(found) == 1 else [("", "---------"), *found]

    def only_host(self):
        """The choice that stands there first: the association itself, or the one body there is; "" if neither."""
        if len(self.places) != 1:
            return ""
        if self.associations:
            return f"a{self.associations[0].pk}"
        return f"b{self.hosting[0].pk}" if len(self.hosting) == 1 else ""

    def host(self, value):
        """(Association, Body or None) of one of the choices."""
        pk = int(value[1:])
        if value.startswith("a"):
            return next((row, None) for row in self.associations if row.pk == pk)
        body = next(row for row in self.hosting if row.pk == pk)
        return body.association, body

    def label(self, row):
        """Name of a row where several associations are offered."""
        return f"{row}（{row.association}）" if row.association_id else str(row)

    # -- what belongs to it

    def campaign(self):
        rows = Campaign.objects.visible_to(self.user).filter(association__in=self.places)
        kept = self.activity and self.activity.campaign_id
        if kept and not rows.filter(pk=kept).exists():
            # out of sight: it stays
            return Campaign.objects.none()
        return rows.select_related("association")

    def field(self):
        rows = ServiceField.objects.filter(association__in=self.places).select_related("association")
        now = self.activity.field_id if self.activity else None
        return rows.filter(Q(is_offered=True) | Q(pk=now))

    def _bodies(self):
        rows = Body.objects.visible_to(self.user).filter(association__in=self.places)
        return rows.select_related("association").order_by("association", "name")

    def _existing(self, rows, *kept):
        return rows.existing_on(timezone.localdate()) | rows.filter(pk__in=[*kept])

    def base(self):
        rows = self._bodies().filter(kind__in=[Kind.BASE, Kind.HOME], hides_people=False)
        now = self.activity.base_id if self.activity else None
        if now and not rows.filter(pk=now).exists():
            return rows.none()
        return self._existing(rows, *([now] if now else []))

    def bodies(self):
        return self._existing(self._bodies(), *[row.body_id for row in self._audiences if row.body_id])

    def partner_bodies(self):
        return self._existing(self._bodies(), *[row.body_id for row in self._partners if row.body_id])

    def lists(self):
        return SavedList.objects.visible_to(self.user).select_related("association")

    # -- what stands already and is out of the user's sight

    @cached_property
    def _audiences(self):
        return list(self.activity.audiences.all()) if self.activity else []

    @cached_property
    def _partners(self):
        return list(self.activity.partners.all()) if self.activity else []

    @cached_property
    def kept_audiences(self):
        """The audiences that the form does not show: they stay."""
        bodies, lists = {row.pk for row in self.bodies()}, {row.pk for row in self.lists()}
        return [
            row
            for row in self._audiences
            if (row.body_id and row.body_id not in bodies)
            or (row.saved_list_id and row.saved_list_id not in lists)
        ]

    @cached_property
    def kept_partners(self):
        bodies = {body.pk for body in self.partner_bodies()}
        return [row for row in self._partners if row.body_id and row.body_id not in bodies]

    @property
    def kept(self):
        """A sentence about what stays though the form does not show it, "" if nothing does."""
        count = len(self.kept_audiences) + len(self.kept_partners)
        return (
            _("Bodies or lists out of your sight belong to it too ({count}); they stay as they are.").format(
                count=count
            )
            if count
            else ""
        )
