"""A roster's way into the register: read → match → preview → apply, and what staff see of it.

Reading (members/roster) knows no database; matching and applying are here.
"""
