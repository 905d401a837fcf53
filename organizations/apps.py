from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = _("Organization")

    def ready(self):
        from organizations import guards
        from organizations.charter.amending import Amending
        from organizations.meetings.effects import add_effect

        pre_migrate.connect(guards.remove_triggers, sender=self)
        post_migrate.connect(guards.ensure_triggers, sender=self)
        add_effect("charter", Amending())
