from django.core.management.base import BaseCommand

from activities.signing_up.reminding import (
    delete_old_answers,
    free_places_of_those_gone,
    move_lines_up,
    remind_all,
)
from organizations.models import Action, acting


class Command(BaseCommand):
    help = (
        "Reminds those who come to activities, takes members who have left off those to come, gives free places to "
        "those in line, and deletes answers to personal questions ANSWERS_KEEP_DAYS after their activity. Run it "
        "daily in the morning; it may be repeated, hourly too: nobody is reminded twice."
    )

    def handle(self, *args, **options):
        with acting(kind=Action.Kind.COMMAND, note="remind"):
            gone = free_places_of_those_gone()
            moved = move_lines_up()
        self.stdout.write(
            f"{remind_all()} reminded, {gone} who left signed off, {moved} moved up, "
            f"{delete_old_answers()} answers deleted."
        )
