"""Figures in rows, one column for each size of the index, and how much the largest has grown from the smallest."""

from dataclasses import dataclass, field

from tests.bench.meters import Costs

Figure = float | Costs


@dataclass(slots=True)
class Table:
    """What was measured so far, in the order in which it came."""

    sizes: tuple[int, ...]
    rows: dict[str, list[Figure]] = field(default_factory=dict)

    def put(self, name: str, figure: Figure) -> None:
        """Note the next size's figure of a row."""
        self.rows.setdefault(name, []).append(figure)

    def newest(self) -> str:
        """The figures of the last size alone."""
        return "\n".join(f"  {name}: {_told(row[-1])}" for name, row in self.rows.items())

    def __str__(self) -> str:
        head = ["articles in the index", *(f"{size:,}" for size in self.sizes), "growth"]
        body = [
            [name, *map(_told, row), f"{_middle(row[-1]) / _middle(row[0]):.2f}"] for name, row in self.rows.items()
        ]
        shown = [line if len(self.sizes) > 1 else line[:-1] for line in (head, *body)]
        widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
        return "\n".join(
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip() for line in shown
        )


def _told(figure: Figure) -> str:
    if isinstance(figure, Costs):
        return str(figure)
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}"


def _middle(figure: Figure) -> float:
    return figure.at(0.5) if isinstance(figure, Costs) else figure or 1.0
