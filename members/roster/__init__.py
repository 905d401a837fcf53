"""Reading a member roster, one step a module: workbook → layout → headers → values → messages.

Nothing in here knows the database; matching and applying live in ``members/imports``.
"""
