"""What runs in the child process: the parsers for .xlsx, .xls, .ods and .csv.

Standard library only, without zipfile and the like: the child starts for every file, and importing them
costs more than reading an ordinary roster.
"""
