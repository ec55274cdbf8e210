"""Who acted, in templates: `spoken` within a sentence, `titled` where it stands alone."""

from django import template

from audit.naming import called, titled

register = template.Library()
register.filter("spoken", called)
register.filter("titled", titled)
