import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OBJECTS } from "@tidemark/catalog";
import { configReference } from "@tidemark/config";
import { ERROR_CODES } from "@tidemark/kernel";
import { expect, test } from "vitest";

const README = join(import.meta.dirname, "../../README.md");

/** Parts of README.md that are made from the code, by the name between their markers. */
const SECTIONS: Readonly<Record<string, string>> = {
  objects: table(
    ["object", "key", "preset", "what"],
    OBJECTS.map(({ name, key, preset, summary }) => [`\`${name}\``, key.join(", "), preset, summary]),
  ),
  configuration: configReference(),
  errors: table(
    ["code", "meaning"],
    Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
  ),
};

test("README holds what the code says (npm run readme writes it)", () => {
  const text = readFileSync(README, "utf8");
  const wanted = Object.entries(SECTIONS).reduce(
    (current, [name, content]) => withSection(current, name, content),
    text,
  );
  if (process.env["TIDEMARK_WRITE_README"] === "1") writeFileSync(README, wanted);
  expect(readFileSync(README, "utf8")).toBe(wanted);
});

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
