"""The module as it was in section 01: what it says is right."""


def edit_distance(a, b):
    above = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        row = [i]
        for j, other in enumerate(b, start=1):
            changed = above[j - 1] + (letter != other)
            row.append(min(above[j] + 1, row[j - 1] + 1, changed))
        above = row
    return above[-1]


def near_duplicates(names, limit=2):
    if limit < 0:
        raise ValueError(
            f"limit must be at least 0 edits, not {limit}"
        )
    pairs = []
    for i, name in enumerate(names):
        for other in names[i + 1 :]:
            if edit_distance(name, other) <= limit:
                pairs.append((name, other))
    return pairs
