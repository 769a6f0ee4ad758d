"""How forms are drawn: our own field template, with the error tied to its field."""

from django.forms.renderers import TemplatesSetting


class FieldTemplates(TemplatesSetting):
    """Draws each field through `kernel/field.html`."""

    field_template_name = "kernel/field.html"
