from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class DialoguesConfig(AppConfig):
    name = "dialogues"
    verbose_name = _("Dialogues")

    def ready(self) -> None:
        from dialogues import freezing
        from portal import append_only

        append_only.guards.append((freezing.install, freezing.remove))
        pre_migrate.connect(freezing.before_migrating, sender=self, dispatch_uid="dialogues.freezing")
        post_migrate.connect(freezing.after_migrating, sender=self, dispatch_uid="dialogues.freezing")
