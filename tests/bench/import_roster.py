"""Import over HTTP: ours, the stock yardstick and the floor in turn; medians and their ratios.

python -m tests.bench.import_roster
python -m tests.bench.import_roster --rows 139 --databases sqlite --rounds 7
"""

from tests.bench.harness import Workplace, median, options, print_table, ratio
from tests.bench.yardsticks import gen_roster, stock_project

CASES = {"fresh": 0, "same": 0, "changed": 1}  # into an empty register; the same file again; 1 % of it edited
WARM = "warm.xlsx"


def main():
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[139, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--stock-rounds", type=int, default=1, help="rounds with the slow yardstick (0: without it)"
    )
    parser.add_argument(
        "--free", action="store_true", help="categories and states in words that are not of our lists"
    )
    args = parser.parse_args()
    with Workplace() as place:
        write_warm_up(place.folder)
        stock_project.write(place.folder / "stock")
        for kind in args.databases:
            place.create(kind, "template")
            place.measure("ours", "setup", env=place.site(kind, "template"))
            for rows in args.rows:
                compare(place, kind, rows, args)


def write_warm_up(folder):
    """Three people who are in no other file of the run."""
    people = []
    for number, row in enumerate(gen_roster.rows(3, seed=7), 1):
        row[0] = f"W{number:07d}"
        people.append(row)
    gen_roster.write_xlsx(folder / WARM, people)


def compare(place, kind, rows, args):
    files = {}
    for case, change in CASES.items():
        files[case] = place.folder / f"{rows}-{change}.xlsx"
        if not files[case].exists():
            gen_roster.write(files[case], rows, change, args.free)
    ours, stock, floor = ({case: [] for case in CASES} for _ in range(3))
    for number in range(args.rounds):
        place.create(kind, "ours", template="template")
        for case, file in files.items():
            ours[case].append(our_import(place, kind, file))
        if number < args.stock_rounds:
            set_up_stock(place, kind, rows)
            stock["fresh"].append(stock_import(place, kind, files["fresh"]))
        place.create(kind, "floor")
        for case, file in files.items():
            floor[case].append(floor_import(place, kind, file, "fresh" if case == "fresh" else "keep"))
    memory = {"ours": {}, "stock": {}}
    place.create(kind, "ours", template="template")
    for case, file in files.items():
        memory["ours"][case] = our_import(place, kind, file, "--memory")
    if args.stock_rounds:
        set_up_stock(place, kind, rows)
        memory["stock"]["fresh"] = stock_import(place, kind, files["fresh"], "--memory")
    report(kind, rows, ours, stock, floor, memory)


def our_import(place, kind, file, *options):
    env = place.site(kind, "ours")
    return place.measure("ours", "import", file, "--warm", place.folder / WARM, *options, env=env)


def set_up_stock(place, kind, rows):
    place.create(kind, "stock")
    stock(place, kind, "setup", rows)


def stock_import(place, kind, file, *options):
    return stock(place, kind, "import", file, "--warm", place.folder / WARM, *options)


def stock(place, kind, *args):
    env = place.yardstick(kind, "stock")
    return place.measure("yardsticks.stock_bench", place.folder / "stock", *args, env=env)


def floor_import(place, kind, file, which):
    env = place.yardstick(kind, "floor")
    return place.measure("yardsticks.floors", f"import-{kind}", file, which, env=env)


def report(kind, rows, ours, stock, floor, memory):
    counts = {case: results[-1]["counts"] for case, results in ours.items()}
    lines = []
    for case in CASES:
        cpu = {
            name: median(results[case], "cpu_s")
            for name, results in {"ours": ours, "stock": stock, "floor": floor}.items()
        }
        parts = (median(ours[case], key) for key in ("own_s", "children_s", "backend_s", "preview_cpu_s"))
        lines.append(
            [
                case,
                *(cpu[name] for name in ("floor", "ours", "stock")),
                ratio(cpu["ours"], cpu["floor"]),
                ratio(cpu["stock"], cpu["ours"]),
                *parts,
                int(median(ours[case], "statements")),
                memory["ours"][case]["peak_mb"],
                memory["ours"][case]["own_peak_mb"],
                median(ours[case], "preview_bytes") / 1000,
            ]
        )
    header = [
        "import",
        "floor CPU s",
        "ours CPU s",
        "stock CPU s",
        "ours ÷ floor",
        "stock ÷ ours",
        "ours: process",
        "reader",
        "backend",
        "until preview",
        "statements",
        "peak MB",
        "of it process",
        "preview kB",
    ]
    print_table(f"{rows:,} rows, {kind}", header, lines)
    print(f"\nOutcomes: {counts}")
    if stock["fresh"]:
        print(
            f"Stock: {median(stock['fresh'], 'statements'):,.0f} statements, peak "
            f"{memory['stock']['fresh']['peak_mb']} MB, preview "
            f"{median(stock['fresh'], 'preview_bytes') / 1000:,.0f} kB"
        )
    for text, is_met in targets(rows, *lines[:2]):
        print(f"{'met   ' if is_met else 'MISSED'} {text}")


def targets(rows, fresh, same):
    """(sentence, whether met) for the table's lines of the fresh import and of the same file again."""
    cpu, times, against_stock = fresh[2], fresh[4], fresh[5]
    statements, peak, preview = fresh[10], fresh[11], fresh[13]
    most = 40 + rows // 5000
    yield f"statements {statements} ≤ 40 + rows / 5 000 = {most}", statements <= most
    yield f"peak {peak} MB above idle ≤ 32 MB", peak <= 32
    yield f"preview page {preview:.1f} kB ≤ 100 kB", preview <= 100
    if rows <= 139:
        yield f"CPU {1000 * cpu:.0f} ms ≤ 100 ms", cpu <= 0.1
        return
    yield f"ours ÷ floor {times:.1f} ≤ 2.5", times <= 2.5
    yield f"the same file: ours ÷ floor {same[4]:.1f} ≤ 1.2", same[4] <= 1.2
    if against_stock is not None:
        yield f"stock ÷ ours {against_stock:.1f} ≥ 30", against_stock >= 30


if __name__ == "__main__":
    main()
