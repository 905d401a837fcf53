"""Which records leave a history, and which of their changes a user may see."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.forms.models import _get_foreign_key

from organizations.models import Association, Recorded


def recorded_rows(site, request):
    """(model, its rows in sight of the request's user, the foreign key to what an inline's rows hang on) each."""
    for model, model_admin in site._registry.items():
        if not issubclass(model, Recorded) or not model_admin.has_view_permission(request):
            continue
        rows = model_admin.get_queryset(request)
        yield model, rows, None
        for inline_class in model_admin.inlines:
            inline = inline_class(model, site)
            key = _get_foreign_key(model, inline.model, fk_name=inline.fk_name)
            yield inline.model, inline.get_queryset(request).filter(**{f"{key.name}__in": rows}), key.name
        for part, permission in model_admin.other_parts.items():
            if request.user.has_perm(permission):
                key = part.whole_field
                yield part, part._default_manager.filter(**{f"{key}__in": rows}), key


def hidden_parts(model_admin, user):
    """The content types of parts of a record whose changes `user` may not read, though the record itself."""
    return [
        ContentType.objects.get_for_model(part)
        for part, permission in model_admin.other_parts.items()
        if not user.has_perm(permission)
    ]


def _parts_without_a_screen(site, request):
    """Models of parts (an invitation, a consent) that have no admin of their own, which the request's user may view.

    They are parts of records that are in sight by their association.
    """
    for model in apps.get_models():
        if not issubclass(model, Recorded) or not model.whole_field or site.is_registered(model):
            continue
        whole = model._meta.get_field(model.whole_field).related_model
        is_plain = hasattr(whole, "association") and not whole.follows_its_sight
        if (
            is_plain
            and site.is_registered(whole)
            and site._registry[whole].has_view_permission(request)
            and request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        ):
            yield model


def visible_changes(site, request):
    """The condition for `Change` rows of records in sight, gone ones included.

    What belongs to an association is found by the association its changes carry. What follows its record's own sight
    (a body that hides its people, and all that is part of it), and accounts and their roles, few and never deleted,
    are looked up one by one.
    """
    kinds, one_by_one = [], Q()
    for model, rows, key in recorded_rows(site, request):
        kind = ContentType.objects.get_for_model(model).pk
        # parts come after the record they are parts of
        if key is None:
            whole, in_sight = kind, rows.order_by().values("pk")
            follows = model.follows_its_sight
            of_accounts = not (model is Association or hasattr(model, "association"))
        if of_accounts:
            one_by_one |= Q(content_type=kind, object_id__in=rows.order_by().values("pk"))
        elif follows and key is None:
            one_by_one |= Q(content_type=kind, object_id__in=in_sight)
        elif follows:
            one_by_one |= Q(content_type=kind, part_of_type=whole, part_of_id__in=in_sight)
        else:
            kinds.append(kind)
    kinds += [ContentType.objects.get_for_model(model).pk for model in _parts_without_a_screen(site, request)]
    others = Q(content_type__in=kinds)
    if not request.user.is_superuser:
        others &= Q(association__in=sorted(request.user.rights.associations))
    return others | one_by_one
