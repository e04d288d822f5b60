import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const MAX_LINES = 400;
const MAX_TEST_LINES = 600;

test(`no source file is longer than ${MAX_LINES} lines, no test than ${MAX_TEST_LINES}`, () => {
  const tooLong = sources(["packages", "apps", "test"])
    .map((file) => ({ file: relative(root, file), lines: readFileSync(file, "utf8").split("\n").length - 1 }))
    .filter(({ file, lines }) => lines > (isTest(file) ? MAX_TEST_LINES : MAX_LINES));
  expect(tooLong).toEqual([]);
});

test("only a package's index re-exports others", () => {
  const barrels = sources(["packages", "apps"]).filter((file) => {
    const code = readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    return (
      !file.endsWith("/src/index.ts") &&
      !file.endsWith("/src/testing/index.ts") &&
      /^\s*export\s+(type\s+)?(\*|\{[^}]*\})\s*(as\s+\w+\s*)?from\s/m.test(code)
    );
  });
  expect(barrels.map((file) => relative(root, file))).toEqual([]);
});

test("every package says in a README what it is, and exports its index alone (and what its tests share)", () => {
  const faults = readdirSync(join(root, "packages")).flatMap((name) => {
    const folder = join(root, "packages", name);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { exports?: object };
    return [
      ...(existsSync(join(folder, "README.md")) ? [] : [`packages/${name} has no README.md`]),
      ...(existsSync(join(folder, "src/index.ts")) ? [] : [`packages/${name} has no src/index.ts`]),
      ...Object.keys(manifest.exports ?? {})
        .filter((path) => path !== "." && path !== "./testing")
        .map((path) => `packages/${name} exports ${path}`),
    ];
  });
  expect(faults).toEqual([]);
});

function isTest(file: string): boolean {
  return file.endsWith(".test.ts") || file.startsWith("test/");
}

function sources(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(
        (entry) => entry.isFile() && entry.name.endsWith(".ts") && !/node_modules|\/dist(\/|$)/.test(entry.parentPath),
      )
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}
