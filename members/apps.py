from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self):
        from members import counting, search_index, stroke_order
        from members.admissions import Admitting
        from members.body_rosters.kind import BODIES
        from members.imports.kinds import add_kind
        from members.signing_in import receivers
        from organizations.meetings.effects import add_effect

        pre_migrate.connect(counting.remove_triggers, sender=self)
        post_migrate.connect(counting.ensure_triggers, sender=self)
        post_migrate.connect(search_index.keep, sender=self)
        post_migrate.connect(stroke_order.keep, sender=self)
        add_effect("admit", Admitting())
        add_kind(BODIES)
        receivers.connect()
