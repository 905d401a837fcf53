"""Export of all members to a spreadsheet: ours, the stock yardstick and the floor in turn; medians and ratios.

    python -m tests.bench.export
    python -m tests.bench.export --members 100000 --databases sqlite --rounds 1

Ours writes all columns of the roster contract, and an entry in the log; stock and floor write twenty columns.
"""

from tests.bench.harness import Workplace, median, options, print_table, ratio
from tests.bench.yardsticks import gen_roster, stock_project

LESS_THAN_STOCK = 11  # times, design's aim for xlsx


def main():
    parser = options(__doc__)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--formats", nargs="+", choices=["xlsx", "csv"], default=["xlsx", "csv"])
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with Workplace() as place:
        stock_project.write(place.folder / "stock")
        roster = place.folder / "roster.xlsx"
        gen_roster.write(roster, args.members)
        for kind in args.databases:
            compare(place, kind, roster, args)


def compare(place, kind, roster, args):
    project = place.folder / "stock"
    site, yardstick, floor = (
        place.site(kind, "ours"),
        place.yardstick(kind, "stock"),
        place.yardstick(kind, "floor"),
    )
    floor["FLOOR_EXPORT"] = str(place.folder / "floor-export.")
    for name in ("ours", "stock", "floor"):
        place.create(kind, name)
    place.measure("ours", "setup", env=site)
    place.measure("ours", "fill", args.members, env=site)
    place.measure("yardsticks.stock_bench", project, "setup", args.members, env=yardstick)
    place.measure("yardsticks.stock_bench", project, "fill", args.members, env=yardstick)
    place.measure("yardsticks.floors", f"import-{kind}", roster, "fresh", env=floor)

    def ours(ending, *options):
        return place.measure("ours", "export", ending, *options, env=site)

    def stock(ending, *options):
        return place.measure("yardsticks.stock_bench", project, "export", ending, *options, env=yardstick)

    lines = []
    for ending in args.formats:
        costs = {"ours": [], "stock": [], "floor": []}
        for _ in range(args.rounds):
            costs["ours"].append(ours(ending))
            costs["stock"].append(stock(ending))
            costs["floor"].append(place.measure("yardsticks.floors", f"export-{kind}", ending, env=floor))
        cpu = {name: median(results, "cpu_s") for name, results in costs.items()}
        lines.append(
            [
                ending,
                *(cpu[name] for name in ("floor", "ours", "stock")),
                ratio(cpu["ours"], cpu["floor"]),
                ratio(cpu["stock"], cpu["ours"]),
                *(int(median(costs[name], "statements")) for name in ("ours", "stock")),
                ours(ending, "--memory")["peak_mb"],
                stock(ending, "--memory")["peak_mb"],
                *(median(costs[name], "bytes") / 1000 for name in ("ours", "stock")),
            ]
        )
    header = [
        *("export", "floor CPU s", "ours CPU s", "stock CPU s", "ours ÷ floor", "stock ÷ ours"),
        *("ours: statements", "stock: statements", "ours: peak MB", "stock: peak MB", "ours kB", "stock kB"),
    ]
    print_table(f"Export of {args.members:,} members, {kind}", header, lines)
    for line in lines:
        if line[0] == "xlsx":
            print(f"\n{'met   ' if line[5] >= LESS_THAN_STOCK else 'MISSED'} stock ÷ ours {line[5]:.1f} ≥ 11")


if __name__ == "__main__":
    main()
