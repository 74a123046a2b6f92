"""Listings are taken over, and back, by a job; what nobody took over is forgotten."""

from fediverse_ehrenamt.bringing import actions

JOBS = {actions.JOB: actions.carry_out}
HOUSEKEEPING = (actions.erase_old,)
