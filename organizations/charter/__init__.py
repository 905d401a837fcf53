"""The charter's rules as data, and the checker that runs them over the bodies of an association on any day.

`facts` reads the database, `rules` holds one pure function a rule, `defaults` the numbers and their sources,
`checking` brings the three together: `check(body_or_association, day)` and `check_draft(body, day, seats, …)`.
"""
