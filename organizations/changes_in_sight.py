"""Which records leave a history, and which of their changes a user may see."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.forms.models import _get_foreign_key

from organizations.models import Association, Body, Recorded


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
        for part in _parts_without_a_screen(site, model):
            if request.user.has_perm(_permission(part)):
                key = part.whole_field
                yield part, part._default_manager.filter(**{f"{key}__in": rows}), key


def _parts_without_a_screen(site, whole):
    """Models of parts (an invitation, a consent) of `whole` records that are on no admin's page.

    Their changes are read where the reader has the permission to view them.
    """
    if whole.follows_its_sight or not hasattr(whole, "association"):
        return []
    shown = {inline.model for inline in site.get_model_admin(whole).inlines}
    return [
        relation.related_model
        for relation in whole._meta.related_objects
        if issubclass(relation.related_model, Recorded)
        and relation.related_model.whole_field == relation.field.name
        and relation.related_model not in shown
        and not site.is_registered(relation.related_model)
    ]


def _permission(part):
    return f"{part._meta.app_label}.view_{part._meta.model_name}"


def hidden_parts(site, record, user):
    """The content types of parts of `record` whose changes `user` may not read, though the record itself."""
    return [
        ContentType.objects.get_for_model(part)
        for part in _parts_without_a_screen(site, type(record))
        if not user.is_superuser
        and record.association_id not in user.rights.associations_with(_permission(part))
    ]


def visible_changes(site, request):
    """The condition for `Change` rows of records in sight, gone ones included.

    What belongs to an association is found by the association its changes carry. What follows its record's own sight
    (a body that hides its people, and all that is part of it), and accounts and their roles, few and never deleted,
    are looked up one by one. Parts that have no screen of their own are read by who may view them there.
    """
    kinds, one_by_one, apart = [], Q(), set()
    for model, rows, key in recorded_rows(site, request):
        kind = ContentType.objects.get_for_model(model).pk
        # parts come after the record they are parts of
        if key is None:
            whole, in_sight = kind, rows.order_by().values("pk")
            follows = model.follows_its_sight
            of_accounts = not (model is Association or hasattr(model, "association"))
            apart = set() if request.user.is_superuser else set(_parts_without_a_screen(site, model))
        if of_accounts:
            one_by_one |= Q(content_type=kind, object_id__in=rows.order_by().values("pk"))
        elif follows and key is None:
            one_by_one |= Q(content_type=kind, object_id__in=in_sight)
        elif follows:
            one_by_one |= Q(content_type=kind, part_of_type=whole, part_of_id__in=in_sight)
        elif model in apart:
            places = request.user.rights.associations_with(_permission(model))
            one_by_one |= Q(content_type=kind, association__in=sorted(places))
        else:
            kinds.append(kind)
    others = Q(content_type__in=kinds)
    if not request.user.is_superuser:
        others &= Q(association__in=sorted(request.user.rights.associations))
    return others | one_by_one


def told_actions(user):
    """The condition for `Action` rows that tell `user` of no body whose people are hidden from them.

    Exports and papers note the body they are about as ``details["body"]``.
    """
    hiding = Body.objects.filter(hides_people=True)
    hidden = list(
        hiding.exclude(pk__in=Body.objects.visible_to(user).values("pk")).values_list("pk", flat=True)
    )
    if user.is_superuser or not hidden:
        return Q()
    return Q(details__body__isnull=True) | ~Q(details__body__in=hidden) | Q(actor=user)
