"""Organisations as a Django application."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The tree of organisations."""

    name = "qiangshi_web.contexts.organisations"
    label = "organisations"
    verbose_name = "机构"

    def ready(self) -> None:
        """The tree follows the states."""
        from qiangshi_web.contexts.organisations.actions.tree import follow_states
        from qiangshi_web.contexts.organisations.models import OrganisationState
        from qiangshi_web.kernel.records.signals import written

        written.connect(follow_states, sender=OrganisationState, dispatch_uid="tree_follows_states")
