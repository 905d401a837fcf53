"""Why work on a batch came to nothing, in a sentence for people."""

from django.utils.translation import gettext_lazy as _

from members.roster.workbook import UnreadableFile

OWN = {
    "interrupted": _("The server was stopped meanwhile. Nothing of it is half done; you can start it again."),
    "not_allowed": _(
        "Whoever asked for it has no right to import into this association any more. Nothing was done."
    ),
    "file_gone": _("The uploaded file is no longer kept. Upload it again to have it read in another way."),
    "not_writable": _("{reason} Nothing was imported."),
    "unexpected": _(
        "Something went wrong on the server, and nothing of it was kept. Start it again; should it fail again, "
        "tell whoever runs the server."
    ),
}


def sentence(code, params):
    """The sentence of a reason; "" for none."""
    if not code:
        return ""
    return str(OWN[code]).format(**params) if code in OWN else str(UnreadableFile(code, **params))
