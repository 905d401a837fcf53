"""Pages of bodies: the list, one body on any day, and the forms that change who sits in it."""
