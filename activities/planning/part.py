"""This part's piece of the page of an activity."""


def part(activity, user):
    return None
