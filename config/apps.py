from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RegistryAdminConfig(AdminConfig):
    default_site = "config.admin.RegistrySite"


class ConfigConfig(AppConfig):
    """Static files, start-up commands and checks of the site itself; no models."""

    name = "config"
