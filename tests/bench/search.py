"""The first page of searches: time in the database against a member looked up by key, in the same run.

python -m tests.bench.search
python -m tests.bench.search --members 1000000 --databases pg    # a quarter of an hour to fill
"""

from tests.bench.harness import Workplace, print_table, sizes

MOST = 15


def main():
    parser = sizes(__doc__)
    args = parser.parse_args()
    with Workplace() as place:
        for kind in args.databases:
            place.create(kind, "template")
            place.measure("ours", "setup", env=place.site(kind, "template"))
            for members in args.members:
                place.create(kind, "ours", template="template")
                env = place.site(kind, "ours")
                place.measure("ours", "fill", members, env=env)
                report(kind, members, place.measure("ours", "search", env=env))


def report(kind, members, found):
    key = found.pop("member by key")
    lines = [[what, result["hits"], result["ms"], result["ms"] / key] for what, result in found.items()]
    print_table(
        f"Search, {kind}, {members:,} members; a member by key takes {key:.2f} ms",
        ["what", "hits on page 1", "ms", "÷ key"],
        lines,
    )
    slow = [line[0] for line in lines if line[3] > MOST]
    print(f"\n{'MISSED' if slow else 'met   '} at most {MOST} × a member by key {'; '.join(slow)}")


if __name__ == "__main__":
    main()
