"""People as a Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Staff members and their files."""

    name = "qiangshi_web.contexts.people"
    label = "people"
    verbose_name = "教职工"

    def ready(self) -> None:
        """Where people work follows their states, and their schools when these merge or close."""
        from qiangshi_web.contexts.organisations.announcements import closing, merged
        from qiangshi_web.contexts.people.actions.merging import keep_off_former_numbers
        from qiangshi_web.contexts.people.actions.moving import follow_merger, object_to_closing
        from qiangshi_web.contexts.people.actions.present import follow_states
        from qiangshi_web.contexts.people.models import PersonState
        from qiangshi_web.kernel.records.signals import written

        written.connect(follow_states, sender=PersonState, dispatch_uid="follow_person_states")
        written.connect(keep_off_former_numbers, dispatch_uid="former_numbers_are_given_up")
        merged.connect(follow_merger, dispatch_uid="staff_follows_merger")
        closing.connect(object_to_closing, dispatch_uid="staff_objects_to_closing")
