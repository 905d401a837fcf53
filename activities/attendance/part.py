"""This part's piece of the pages of an activity."""


def part(activity, user):
    return None
