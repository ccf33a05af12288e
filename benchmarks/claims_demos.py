"""Which claims of talks lead to a demo? Prints every link, to be read, and how many there are.

    python benchmarks/claims_demos.py TALK... [--least 1.0]

TALK is a file or link that ``studykit notes`` takes. ``--least`` tries another limit, for talks in English.
"""

from __future__ import annotations

import argparse

from studykit.annotate.claims import tested
from studykit.options import Options
from studykit.store import IN_MEMORY, Store
from studykit.talk import open_talk
from studykit.talk.cache import SILENT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("talks", nargs="+")
    parser.add_argument("--least", type=float, default=tested.SURE["en"])
    args = parser.parse_args()
    tested.SURE["en"] = args.least
    claims = links = 0
    for source in args.talks:
        with Store(IN_MEMORY) as store:
            talk = open_talk(source, store=store, options=Options(), progress=SILENT)
            for claim in talk.annotations.claims:
                claims += 1
                if claim.demo:
                    links += 1
                    print(f"{claim.demo}: {claim.statement or claim.statement_zh}\n  {claim.verdict}")
    print(f"{claims} claims, {links} lead to a demo")


if __name__ == "__main__":
    main()
