/** How a column of {@link formatTable} is laid out. */
export interface TableColumn {
  readonly title: string;
  readonly right?: boolean;
}

/** Rows as aligned text: one line of titles, two spaces between columns, no trailing spaces. */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => widthOf(row[index] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? "";
        const width = widths[index] ?? 0;
        const gap = " ".repeat(Math.max(0, width - widthOf(cell)));
        return column.right === true ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)];
}

/** A column that may be narrowed, to `least` characters, where the whole table is too wide. */
export interface NarrowableColumn extends TableColumn {
  readonly least?: number;
  /** Only when no other can be narrowed any more. */
  readonly last?: boolean;
}

/** Cuts cells so that the table fits a terminal: always the widest of those that may be narrowed. */
export function fitTable(
  columns: readonly NarrowableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string[][] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[index] ?? ""))),
  );
  const total = (): number => widths.reduce((sum, one) => sum + one + 2, -2);
  const roomIn = (index: number): number => {
    const column = columns[index];
    return column?.least === undefined ? 0 : (widths[index] ?? 0) - Math.max(column.least, column.title.length);
  };
  for (let over = total() - width; over > 0; over -= 1) {
    const all = widths.map((_, index) => index).filter((index) => roomIn(index) > 0);
    const narrowable = all.filter((index) => columns[index]?.last !== true);
    const [widest] = (narrowable.length > 0 ? narrowable : all).sort(
      (left, right) => (widths[right] ?? 0) - (widths[left] ?? 0),
    );
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return rows.map((row) => row.map((cell, index) => cut(cell, widths[index] ?? cell.length)));
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Width on a terminal: colours take no room. */
function widthOf(text: string): number {
  // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
  return text.replaceAll(/\u001B\[\d+m/g, "").length;
}

/** `1234567` → `1,234,567`. */
export function formatCount(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 request`, `2 requests`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `90500` → `1m 30s`, `950` → `0.9s`, `12345` → `12s`. */
export function formatMs(ms: number): string {
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "m"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .map(([count, unit]) => `${count}${unit}`)
    .join(" ");
}

/** `a, b,,c` → `["a", "b", "c"]`; undefined stays undefined. */
export function splitList(text: unknown): string[] | undefined {
  if (typeof text !== "string") return undefined;
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
