"""Writes the yardstick: a plain Django project with stock django-import-export and the stock admin.

    python -m tests.bench.yardsticks.stock_project DIR    # DIR/stock/settings.py, DIR/roster/{models,admin}.py

The database is chosen at run time: STOCK_DB=sqlite (file STOCK_SQLITE, WAL) or STOCK_DB=pg (the PG* variables).
Nothing is tuned: a ModelResource with 20 columns, import_id_fields=[member_no], two foreign keys by natural key
(name), Meta otherwise at its defaults; a ModelAdmin with list_display, list_filter and search_fields only. It keeps
no history and checks no value, which our import does.
"""

import sys
from pathlib import Path

from tests.bench.yardsticks import gen_roster

SETTINGS = """
import os

SECRET_KEY = "bench-only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "stock.urls"
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
                  "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles",
                  "import_export", "roster"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware",
              "django.contrib.sessions.middleware.SessionMiddleware",
              "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
              "django.contrib.auth.middleware.AuthenticationMiddleware",
              "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
              "OPTIONS": {"context_processors": ["django.template.context_processors.request",
                                                 "django.contrib.auth.context_processors.auth",
                                                 "django.contrib.messages.context_processors.messages"]}}]
if os.environ.get("STOCK_DB", "sqlite") == "pg":
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"],
                             "CONN_MAX_AGE": 600}}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["STOCK_SQLITE"],
                             "CONN_MAX_AGE": 600,
                             "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE",
                                         "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"}}}
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""

URLS = """
from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
"""

MODELS = """
from django.db import models


class Named(models.Model):
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class Category(Named):
    pass


class Body(Named):
    pass


class Member(models.Model):
    member_no = models.CharField("会员编号", max_length=20, unique=True)
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=2)
    id_number = models.CharField("身份证号", max_length=18, db_index=True)
    birth_date = models.DateField("出生日期", null=True)
    ethnicity = models.CharField("民族", max_length=20)
    native_place = models.CharField("籍贯", max_length=60)
    political_status = models.CharField("政治面貌", max_length=20)
    education = models.CharField("学历", max_length=20)
    category = models.ForeignKey(Category, models.PROTECT, verbose_name="会员类别")
    body = models.ForeignKey(Body, models.PROTECT, verbose_name="所属机构")
    employer = models.CharField("工作单位", max_length=120)
    title = models.CharField("职务", max_length=60)
    phone = models.CharField("手机", max_length=20)
    email = models.CharField("电子邮箱", max_length=120)
    address = models.CharField("通讯地址", max_length=200)
    postcode = models.CharField("邮编", max_length=10)
    joined_on = models.DateField("入会日期", null=True)
    status = models.CharField("会员状态", max_length=10)
    notes = models.TextField("备注", blank=True, null=True)  # stock import turns an empty cell into None

    def __str__(self):
        return self.name
"""

ADMIN = """
from django.contrib import admin
from import_export import fields, resources
from import_export.admin import ImportExportModelAdmin
from import_export.widgets import ForeignKeyWidget

from .models import Body, Category, Member

COLUMNS = {columns!r}
NAMES = {names!r}


class MemberResource(resources.ModelResource):
    category = fields.Field("category", "会员类别", ForeignKeyWidget(Category, "name"))
    body = fields.Field("body", "所属机构", ForeignKeyWidget(Body, "name"))

    class Meta:
        model = Member
        fields = NAMES
        import_id_fields = ["member_no"]


for _name, _column in zip(NAMES, COLUMNS):
    MemberResource.fields[_name].column_name = _column


@admin.register(Member)
class MemberAdmin(ImportExportModelAdmin):
    resource_classes = [MemberResource]
    list_display = ["member_no", "name", "sex", "phone", "category", "body", "employer", "title", "status", "joined_on"]
    list_filter = ["category", "status", "body"]
    search_fields = ["name", "phone", "employer"]
    ordering = ["member_no"]


admin.site.register([Category, Body])
"""


def write(folder):
    """The project in `folder`."""
    files = {
        "stock/__init__.py": "",
        "stock/settings.py": SETTINGS,
        "stock/urls.py": URLS,
        "roster/__init__.py": "",
        "roster/migrations/__init__.py": "",
        "roster/models.py": MODELS,
        "roster/admin.py": ADMIN.format(columns=gen_roster.COLUMNS, names=gen_roster.FIELDS),
    }
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1])
