/** What a package may import, by layer; the same table stands in README. Packages of one layer do not know each other. */
export const LAYERS: readonly (readonly string[])[] = [
  ["kernel"],
  ["catalog", "telemetry", "okta-simulator"],
  ["config", "okta-client", "warehouse"],
  ["extractor", "transformer", "loader"],
  ["pipeline"],
  ["sync"],
  ["jobs", "api"],
];

/** Packages that import less than their layer would allow, and why it matters. */
export const STRICTER: Readonly<Record<string, readonly string[]>> = {
  // It must be able to prove the catalog wrong.
  "okta-simulator": ["kernel"],
  "okta-client": ["kernel"],
  warehouse: ["kernel", "catalog"],
  extractor: ["kernel", "catalog", "okta-client"],
  transformer: ["kernel", "catalog"],
  loader: ["kernel", "catalog", "warehouse"],
};

/** Names of the packages that `name` may import. */
export function allowedImports(name: string): readonly string[] {
  const layer = LAYERS.findIndex((names) => names.includes(name));
  return STRICTER[name] ?? LAYERS.slice(0, Math.max(0, layer)).flat();
}
