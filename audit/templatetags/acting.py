"""Who acted, in templates."""

from django import template

from audit.actors import spoken

register = template.Library()
register.filter("spoken", spoken)
