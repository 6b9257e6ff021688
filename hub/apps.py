from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class HubConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "hub"
    verbose_name = _("Hub")

    def ready(self):
        connection_created.connect(leave_queries_uncompiled)


def leave_queries_uncompiled(connection, **kwargs):
    """Switch off PostgreSQL's JIT for a new connection: where the planner overrates what a query costs, it compiles for half a
    second what then runs for ten milliseconds. By a statement and not as an option of the connection, which poolers refuse.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
