import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeObjects, type ObjectDescription, objectsOf, PRESETS } from "@tidemark/catalog";
import { configReference } from "@tidemark/config";
import { ERROR_CODES } from "@tidemark/kernel";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const README = join(ROOT, "README.md");
const REFERENCE = join(ROOT, "packages/catalog/OBJECTS.md");

/** Parts of README.md that are made from the code, by the name between their markers. */
const SECTIONS: Readonly<Record<string, string>> = {
  objects: PRESETS.map((preset) => {
    const own = objectsOf(preset).map(({ name, summary }) => [`\`${name}\``, summary]);
    const title = `<summary><b>${preset}</b> (${own.length})</summary>`;
    return `<details${preset === "core" ? " open" : ""}>${title}\n\n${table(["object", "what"], own)}\n\n</details>`;
  }).join("\n\n"),
  configuration: configReference(),
  errors: table(
    ["code", "meaning"],
    Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
  ),
};

const isWriting = process.env["TIDEMARK_WRITE_README"] === "1";

/** What the columns of the reference say; its tables follow, one a preset. */
const REFERENCE_HEAD = `# Objects

Every Okta object that Tidemark knows, made from the catalog by \`npm run readme\` (do not edit); \`tidemark objects\`
prints the same, \`tidemark objects --json\` with admin roles. Tables and configuration use the name in the first column.

- **incremental**: \`filter\` by the list's own time filter; \`parent\` under parents that moved; \`log\` what System Log events
  name is read again; \`compare\` listed whole in every run; \`reconcile\` no event is promised for its changes, so that
  the reconcile finds them; \`append\` a feed with a cursor of its own.
- **deletes** rest on: \`event\` a delete event of the log; \`not found\` a 404 when the row is read again; \`parent\` the proved
  end of a row that it belongs to; \`absence\` from a complete listing.
- **insert, update, delete, two-way**: what Okta's API lets one write. Tidemark itself only reads.
- **requests**: what a first load takes (a reconcile takes as many), and a run after which nothing had changed.
- **scopes**: OAuth scopes that a service app needs.
`;

test("README holds what the code says (npm run readme writes it)", () => {
  const text = readFileSync(README, "utf8");
  const wanted = Object.entries(SECTIONS).reduce(
    (current, [name, content]) => withSection(current, name, content),
    text,
  );
  if (isWriting) writeFileSync(README, wanted);
  expect(readFileSync(README, "utf8")).toBe(wanted);
});

test("the objects' reference holds what the catalog says (npm run readme writes it)", () => {
  const wanted = reference();
  if (isWriting) writeFileSync(REFERENCE, wanted);
  expect(readFileSync(REFERENCE, "utf8")).toBe(wanted);
});

function reference(): string {
  const objects = describeObjects();
  const parts = PRESETS.map((preset) => {
    const own = objects.filter((object) => object.preset === preset);
    return `## ${preset} (${own.length})\n\n${table(REFERENCE_TITLES, own.map(referenceRow))}\n`;
  });
  return `${REFERENCE_HEAD}\n${parts.join("\n")}`;
}

const REFERENCE_TITLES = [
  "object",
  "what",
  "other names",
  "tables",
  "key",
  "incremental",
  "deletes",
  "insert, update, delete",
  "two-way",
  "requests: first load; idle run",
  "scopes",
];

function referenceRow(object: ObjectDescription): string[] {
  const { incremental, requests, reconcileFactor: factor } = object;
  const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
  const seldom = factor === 1 ? "" : `; reconciled every ${factor}th time`;
  const writes = [object.insert ? "insert" : "", object.update ? "update" : "", object.delete ? "delete" : ""];
  return [
    `\`${object.object}\``,
    object.summary,
    object.aliases.join(", "),
    code(object.tables),
    code(object.key),
    `${incremental.how}: ${incremental.detail}${seldom}`,
    object.deletes.join(", ") || "none",
    writes.filter(Boolean).join(", ") || "no",
    object.twoWay ? "yes" : "no",
    `${requests.first}; ${requests.idle}`,
    code(object.scopes),
  ];
}

function withSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin: ${name} -->`, `<!-- end: ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  expect(from, `README has the marker ${begin}`).toBeGreaterThan(0);
  expect(to).toBeGreaterThan(from);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}
