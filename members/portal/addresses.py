"""Addresses of pages that other parts of self-service bring."""

from django.urls import NoReverseMatch, reverse


def address_of(name, *args):
    """The address with that name, ``""`` while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
