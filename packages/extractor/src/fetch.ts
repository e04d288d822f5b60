import { type GetDefinition, type KeyValues, valueAt } from "@tidemark/catalog";
import { mapOrdered, TidemarkError } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

import type { Emission } from "./emission.js";
import { fillPath } from "./path.js";

/** How single rows are read again. */
export interface FetchOptions {
  readonly client: OktaClient;
  readonly get: GetDefinition;
  /** Whole keys. */
  readonly keys: Iterable<KeyValues>;
  /** Which key columns come from the parent and are copied into the row. */
  readonly parentColumns: readonly string[];
  readonly concurrency: number;
}

/** Fetches each key with a single GET, the freshest read Okta has; a 404 becomes {@link NotFound}, in order. */
export async function* fetchRows(
  options: FetchOptions,
): AsyncGenerator<Emission & { readonly of: KeyValues }, void, undefined> {
  const { client, get, parentColumns } = options;
  const work = async (key: KeyValues): Promise<Emission & { readonly of: KeyValues }> => {
    const item = await fetchOne(client, get, key);
    if (item === null) return { kind: "not-found", key, of: key };
    const parent = Object.fromEntries(parentColumns.map((column) => [column, key[column] ?? ""]));
    return { kind: "items", items: [item], parent, scoped: false, cursor: null, of: key };
  };
  yield* mapOrdered(options.keys, options.concurrency, work);
}

/** The row's JSON, or null when Okta answers that it is not there (404 E0000007). Other errors are thrown. */
export async function fetchOne(client: OktaClient, get: GetDefinition, key: KeyValues): Promise<unknown> {
  try {
    const item = (await client.get(fillPath(get.path, key))).json;
    return get.goneWhen && valueAt(item, get.goneWhen.path) === get.goneWhen.value ? null : item;
  } catch (error) {
    if (error instanceof TidemarkError && error.code === "OKTA_NOT_FOUND") return null;
    throw error;
  }
}
