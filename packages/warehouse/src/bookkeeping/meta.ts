import { TerminalError } from "@tidemark/kernel";

import type { Store, WarehouseTransaction } from "../store.js";

const META = "_tidemark_meta";

type Tables = Pick<WarehouseTransaction, "table">;

export async function readMeta(tx: Tables, name: string): Promise<string | null> {
  const row: unknown = await tx.table(META).where({ name }).first("value");
  const value = (row as { value?: unknown } | undefined)?.value;
  return typeof value === "string" ? value : null;
}

/** Null removes the entry. */
export async function writeMeta(tx: Tables, name: string, value: string | null): Promise<void> {
  await tx.table(META).where({ name }).delete();
  if (value !== null) await tx.table(META).insert({ name, value });
}

/** An Okta org as its `/.well-known/okta-organization` tells it. */
export interface OrgIdentity {
  readonly id: string;
  readonly url: string;
}

/** The org that filled the schema, or null. */
export async function boundOrg(store: Store): Promise<OrgIdentity | null> {
  return store.guard("read the schema's org", async () => {
    const id = await readMeta(store, "org_id");
    return id === null ? null : { id, url: (await readMeta(store, "org_url")) ?? "" };
  });
}

/** Binds the schema to an org, once. OKTA_OTHER_ORG when it belongs to another. */
export async function bindOrg(store: Store, org: OrgIdentity): Promise<void> {
  await store.transaction("bind the schema to the org", async (tx) => {
    await tx.lock("prepare");
    const bound = await readMeta(tx, "org_id");
    if (bound !== null && bound !== org.id) {
      const url = (await readMeta(tx, "org_url")) ?? "another org";
      throw new TerminalError(
        "OKTA_OTHER_ORG",
        `Schema ${store.schema} holds the org ${url} (${bound}); this connection is ${org.url} (${org.id})`,
        {
          remedy: "Use another schema for this org, or `tidemark uninstall --drop-tables` first. Nothing was changed.",
        },
      );
    }
    if (bound === null) await writeMeta(tx, "org_id", org.id);
    if ((await readMeta(tx, "org_url")) !== org.url) await writeMeta(tx, "org_url", org.url);
  });
}
