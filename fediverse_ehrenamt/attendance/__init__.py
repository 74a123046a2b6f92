"""Attendance: who comes to our events. The fediverse joins and leaves, and no place is given out twice."""
