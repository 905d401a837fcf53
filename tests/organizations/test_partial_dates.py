import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from members.models import Member
from organizations.partial_dates import PartialDateFormField, age_on, dotted, parse, sentence
from tests.make import make_association


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("1985", "1985"),
        ("1985.6", "1985-06"),
        ("1985-06", "1985-06"),
        ("1985/6/1", "1985-06-01"),
        ("1985年6月", "1985-06"),
        ("1985年6月12日", "1985-06-12"),
        (" 2000.02.29 ", "2000-02-29"),
    ],
)
def test_date_keeps_the_precision_written(written, stored):
    assert parse(written) == stored


@pytest.mark.parametrize(
    "written", ["", "85", "1985.13", "2001.02.29", "1985.6.31", "1849", "2200", "昨天", "1985-06-12-01"]
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(ValueError):
        parse(written)


def test_form_field_names_what_is_no_date():
    field = PartialDateFormField(required=False)

    with translation.override("en"), pytest.raises(ValidationError) as refused:
        field.clean("1985.13")
    with translation.override("en"):
        messages = refused.value.messages

    assert messages == ["“1985.13” is not a date. Write 1985, 1985-06 or 1985-06-12."]
    assert field.clean("") == ""


def test_dates_sort_as_text_whatever_their_precision():
    assert sorted(["1985-06-12", "1985", "1984-12", "1985-06"]) == [
        "1984-12",
        "1985",
        "1985-06",
        "1985-06-12",
    ]


def test_date_in_spreadsheets_and_sentences():
    with translation.override("zh-hans"):
        chinese = [sentence(date) for date in ("1985", "1985-06", "1985-06-12", "")]
    with translation.override("en"):
        english = sentence("1985-06-12")

    assert dotted("1985-06") == "1985.06"
    assert chinese == ["1985年", "1985年6月", "1985年6月12日", ""]
    assert english == "1985-06-12"


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1985-06-12", dt.date(2025, 6, 11), 39),
        ("1985-06-12", dt.date(2025, 6, 12), 40),
        ("1985-06", dt.date(2025, 5, 31), 39),
        ("1985-06", dt.date(2025, 6, 1), 40),
        ("1985", dt.date(2025, 1, 1), 40),
        ("", dt.date(2025, 1, 1), None),
    ],
)
def test_age_in_full_years_compares_as_far_as_the_date_is_known(born, day, age):
    assert age_on(born, day) == age


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["85", "1985-6", "1849-12", "2200", "x985"])
def test_database_refuses_what_is_no_partial_date(text):
    association = make_association()

    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(association=association, name="张一", birth=text)

    assert Member.objects.count() == 0
