"""The staff's lists at 139, 10,000 and 100,000 members: statements and CPU time of each page.

python -m tests.bench.lists
python -m tests.bench.lists --members 10000 --databases pg
"""

from tests.bench.harness import Workplace, print_table, sizes

MOST_STATEMENTS = 12


def main():
    parser = sizes(__doc__)
    parser.add_argument("--statements", action="store_true", help="print what was sent to the database")
    args = parser.parse_args()
    options = ["--statements"] if args.statements else []
    with Workplace() as place:
        for kind in args.databases:
            place.create(kind, "template")
            place.measure("ours", "setup", env=place.site(kind, "template"))
            found = {}
            for members in args.members:
                place.create(kind, "ours", template="template")
                env = place.site(kind, "ours")
                place.measure("ours", "fill", members, env=env)
                found[members] = place.measure("ours", "lists", *options, env=env)
            report(kind, found)


def report(kind, found):
    header = [
        "page",
        *(f"{what} {members:,}" for what in ("statements", "CPU ms", "kB") for members in found),
    ]
    lines, high, uneven = [], [], []
    for page in next(iter(found.values())):
        pages = [pages[page] for pages in found.values()]
        statements = [result["statements"] for result in pages]
        lines.append(
            [
                page,
                *statements,
                *(round(1000 * result["cpu_s"], 1) for result in pages),
                *(round(result["bytes"] / 1000, 1) for result in pages),
            ]
        )
        if max(statements) > MOST_STATEMENTS:
            high.append(page)
        if len(set(statements)) > 1:
            uneven.append(page)
    print_table(f"Staff pages, {kind}; CPU time of process and database backend, median of 5", header, lines)
    print(f"\n{'MISSED' if high else 'met   '} at most {MOST_STATEMENTS} statements {', '.join(high)}")
    print(
        f"{'MISSED' if uneven else 'met   '} the same number of statements at all sizes {', '.join(uneven)}"
    )


if __name__ == "__main__":
    main()
