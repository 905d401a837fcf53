"""Every address of the site, out of the resolver itself."""

from django.urls import get_resolver


def addresses(resolver=None, spaces=(), prefix=""):
    """(name, pattern) of every address: ``("organizations:body", "organizations/bodies/<int:pk>/")``.

    One without a name of its own is called by its pattern. A name given to several patterns comes once for each.
    """
    for each in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(each.pattern)
        if hasattr(each, "url_patterns"):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from addresses(each, inner, pattern)
        else:
            yield ":".join((*spaces, each.name)) if each.name else pattern, pattern
