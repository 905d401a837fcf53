"""This part's piece of the pages of an activity."""


def part(activity, user):
    return None


def own_part(activity, member, participation):
    return None
