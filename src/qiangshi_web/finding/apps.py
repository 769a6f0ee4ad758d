"""Finding as a Django application."""

from django.apps import AppConfig


class FindingConfig(AppConfig):
    """The index of names."""

    name = "qiangshi_web.finding"
    label = "finding"
    verbose_name = "查找"

    def ready(self) -> None:
        """The index follows what is written of persons and organisations."""
        from qiangshi_web.contexts.organisations.queries import OrganisationState
        from qiangshi_web.contexts.people.queries import Person
        from qiangshi_web.finding import nightly  # noqa: F401 - declares the job
        from qiangshi_web.finding.actions import follow_organisations, follow_persons
        from qiangshi_web.kernel.records.signals import written

        written.connect(follow_persons, sender=Person, dispatch_uid="names_follow_persons")
        written.connect(
            follow_organisations,
            sender=OrganisationState,
            dispatch_uid="names_follow_organisations",
        )
