import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import { expect, test } from "vitest";

import { allowedImports, LAYERS } from "./layers.js";

const root = join(import.meta.dirname, "../..");
const packages = readdirSync(join(root, "packages"));

test("every package has its layer", () => {
  expect(packages.filter((name) => !LAYERS.flat().includes(name))).toEqual([]);
});

test("packages import lower layers only, through their index, without cycles", async () => {
  const violations = await violationsIn(["packages", "apps"], root);
  expect(violations).toEqual([]);
});

test("imports by package name are followed to the sources", async () => {
  const { output } = await cruise(["packages/catalog"], cruiseOptions(root));
  const imported = (output as ICruiseResult).modules.flatMap(({ dependencies }) =>
    dependencies.map(({ resolved }) => resolved),
  );
  expect(imported).toContain("packages/kernel/src/index.ts");
});

test("the rules catch what they are for", async () => {
  const fixture = join(import.meta.dirname, "fixtures/broken");
  expect(await violationsIn(["packages", "apps"], fixture)).toEqual([
    "app-imports-app: apps/cli/src/main.ts -> apps/worker/src/main.ts",
    "deep-import: packages/config/src/index.ts -> packages/kernel/src/inner.ts",
    "layer-of-catalog: packages/catalog/src/index.ts -> packages/config/src/index.ts",
    "no-cycle: packages/kernel/src/index.ts -> packages/kernel/src/inner.ts",
    "package-imports-app: packages/config/src/index.ts -> apps/cli/src/main.ts",
  ]);
});

async function violationsIn(folders: readonly string[], baseDir: string): Promise<string[]> {
  const { output } = await cruise([...folders], cruiseOptions(baseDir));
  const result = output as ICruiseResult;
  const texts = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
  return [...new Set(texts)].toSorted();
}

function cruiseOptions(baseDir: string): ICruiseOptions {
  return {
    baseDir,
    validate: true,
    ruleSet: { forbidden: rules() },
    // Type-only imports count: what a package knows of another is what binds them.
    tsPreCompilationDeps: true,
    // Other packages are followed to their sources; what comes from npm is not.
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/dist/", "\\.test\\.ts$", "test/architecture/fixtures/(?!broken)"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["tidemark-source", "import", "node", "default"],
    },
  };
}

function rules(): IForbiddenRuleType[] {
  const layerRules = LAYERS.flat().map((name): IForbiddenRuleType => {
    const allowed = [name, ...allowedImports(name)].join("|");
    return {
      name: `layer-of-${name}`,
      severity: "error",
      from: { path: `^packages/${name}/src/` },
      to: { path: "^packages/", pathNot: `^packages/(${allowed})/` },
    };
  });
  return [
    ...layerRules,
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "app-imports-app",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    { name: "package-imports-app", severity: "error", from: { path: "^packages/" }, to: { path: "^apps/" } },
    {
      name: "deep-import",
      severity: "error",
      from: { path: "^(packages|apps)/([^/]+)/" },
      to: {
        path: "^packages/[^/]+/src/",
        pathNot: "^$1/$2/|^packages/[^/]+/src/index\\.ts$|^packages/[^/]+/src/testing/index\\.ts$",
      },
    },
    {
      name: "product-imports-testing",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "/src/testing/" },
      to: { path: "/src/testing/" },
    },
    { name: "unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ];
}
