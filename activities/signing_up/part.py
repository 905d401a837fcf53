"""This part's piece of the staff's page of an activity."""


def part(activity, user):
    return None
