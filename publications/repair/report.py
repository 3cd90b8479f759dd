"""How many words of pages the word list knows, before and after repair. Runs as a program of its own, like text.py:

python -m publications.repair.report LANGUAGE < one JSON array [before, after] a line > one array [known, words, known,
words] a line. Apart because the word list is large and no server process should carry it.
"""

import json
import sys

from publications.repair.words import Words


def main(language: str) -> int:
    words = Words([], language)
    if not words.listed:
        return 3
    for line in sys.stdin:
        before, after = json.loads(line)
        print(json.dumps([*words.share(before), *words.share(after)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
