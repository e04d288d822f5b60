import { existsSync, readFileSync } from "node:fs";

/** Facts about Okta that lie beside a checkout of this repository on some machines; tests that need them say so. */
export const FACTS = new URL("../../../../../shared/okta/", import.meta.url);

interface Property {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly schema?: string;
}

interface Schema {
  readonly properties: readonly Property[];
  readonly variants?: Readonly<Record<string, { readonly extra: readonly Property[] }>>;
}

/** A GET of the specification. */
export interface OpenApiList {
  readonly path: string;
  readonly query: readonly { readonly name: string; readonly maximum?: number; readonly minimum?: number }[];
  readonly scopes: readonly string[];
  readonly item?: string;
  readonly response?: string;
  /** `GET /path/{id}` and other operations found beside a list → operation's name. */
  readonly related?: Readonly<Record<string, string>>;
}

export interface OpenApiIndex {
  readonly lists: readonly OpenApiList[];
  /** Lists outside of `/api/v1`. */
  readonly otherLists: readonly OpenApiList[];
  readonly singletons: readonly OpenApiList[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** The index of Okta's OpenAPI specification; null where it is not at hand. */
export function openApiIndex(): OpenApiIndex | null {
  const file = new URL("openapi-index.json", FACTS);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as OpenApiIndex) : null;
}

export interface OpenApiLeaf {
  readonly path: readonly string[];
  readonly type: string;
  readonly format: string | undefined;
}

/**
 * All properties of a schema that have none below them, those of its variants included: of one variant alone, where the
 * items are of one kind.
 */
export function openApiLeaves(index: OpenApiIndex, name: string, variant?: string): OpenApiLeaf[] {
  return leavesOf(index, name, { above: [], variant });
}

function leavesOf(
  index: OpenApiIndex,
  name: string,
  { above, variant }: { above: readonly string[]; variant?: string | undefined },
): OpenApiLeaf[] {
  const schema = index.schemas[name];
  if (!schema || above.includes(name)) return [];
  const variants = Object.entries(schema.variants ?? {}).filter(
    ([value]) => variant === undefined || value === variant,
  );
  const properties = [...schema.properties, ...variants.flatMap(([, { extra }]) => extra)];
  const names = new Set(properties.map((property) => property.name));
  const leaves: OpenApiLeaf[] = [];
  for (const { name: dotted, type, format, schema: nested } of properties) {
    if ([...names].some((other) => other.startsWith(`${dotted}.`))) continue;
    const path = dotted.split(".");
    const below = nested === undefined ? [] : leavesOf(index, nested, { above: [...above, name] });
    if (below.length === 0) leaves.push({ path, type, format });
    for (const leaf of below) leaves.push({ ...leaf, path: [...path, ...leaf.path] });
  }
  return leaves;
}
