import { createHash } from "node:crypto";
import { TidemarkError } from "@tidemark/kernel";
import type { Authorizer } from "./auth.js";
import type { OktaClient, OktaGrants, OktaRole } from "./types.js";

/** Which lists of targets narrow a standard role (Okta docs: role targets); the other roles hold for the whole org. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  APP_ADMIN: ["catalog/apps"],
  USER_ADMIN: ["groups"],
  GROUP_ADMIN: ["groups"],
  HELP_DESK_ADMIN: ["groups"],
  GROUP_MEMBERSHIP_ADMIN: ["groups"],
};

/**
 * Asks what the principal may do. What it may not ask about itself is `unknown`, which counts in the fingerprint like
 * any other value: a role that loses the right to read roles has changed.
 */
export async function readGrants(client: OktaClient, authorizer: Authorizer): Promise<OktaGrants> {
  const scopes = await authorizer.scopes();
  const ownerId =
    authorizer.clientId ?? (await allowed(async () => idOf((await client.get("/api/v1/users/me")).json))) ?? "unknown";
  const base = authorizer.clientId === null ? `/api/v1/users/${ownerId}/roles` : `/oauth2/v1/clients/${ownerId}/roles`;
  const roles = ownerId === "unknown" ? "unknown" : ((await allowed(() => readRoles(client, base))) ?? "unknown");
  const facts = JSON.stringify({ ownerId, roles, scopes });
  return { fingerprint: createHash("sha256").update(facts).digest("hex").slice(0, 32), ownerId, roles, scopes };
}

async function readRoles(client: OktaClient, base: string): Promise<OktaRole[]> {
  const roles: OktaRole[] = [];
  for await (const page of client.pages(base)) {
    for (const item of page.items) roles.push(await readRole(client, base, item as Record<string, unknown>));
  }
  return roles.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
}

async function readRole(client: OktaClient, base: string, role: Record<string, unknown>): Promise<OktaRole> {
  const text = (key: string): string => (typeof role[key] === "string" ? role[key] : "");
  const type = text("type");
  return {
    type,
    label: text("label"),
    status: text("status"),
    targets: await readTargets(client, base, { type, id: text("id"), role }),
  };
}

async function readTargets(
  client: OktaClient,
  base: string,
  of: { type: string; id: string; role: Record<string, unknown> },
): Promise<OktaRole["targets"]> {
  const resourceSet = of.role["resource-set"];
  if (typeof resourceSet === "string") {
    const path = `/api/v1/iam/resource-sets/${resourceSet}/resources`;
    const permissions = `/api/v1/iam/roles/${String(of.role["role"])}/permissions`;
    return (
      (await allowed(async () => [
        ...(await collect(client, path, "resources", (item) => item["orn"] ?? item["id"])),
        ...(await collect(client, permissions, "permissions", (item) => item["label"])),
      ])) ?? "unknown"
    );
  }
  const lists = TARGETS[of.type];
  if (!lists) return null;
  const found = await allowed(async () => {
    const all: string[] = [];
    for (const list of lists) {
      // Catalog apps have a name and no id; instances have both (recorded traffic).
      all.push(
        ...(await collect(client, `${base}/${of.id}/targets/${list}`, undefined, (item) => item["id"] ?? item["name"])),
      );
    }
    return all;
  });
  if (found === undefined) return "unknown";
  return found.length === 0 ? null : found;
}

async function collect(
  client: OktaClient,
  path: string,
  itemsAt: string | undefined,
  name: (item: Record<string, unknown>) => unknown,
): Promise<string[]> {
  const names: string[] = [];
  for await (const page of client.pages(path, itemsAt === undefined ? {} : { itemsAt })) {
    for (const item of page.items) names.push(String(name(item as Record<string, unknown>)));
  }
  return names.toSorted(compare);
}

/** Undefined when Okta denies the question or does not know it. */
async function allowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TidemarkError && ["OKTA_DENIED", "OKTA_UNAVAILABLE", "OKTA_NOT_FOUND"].includes(error.code))
      return undefined;
    throw error;
  }
}

function idOf(json: unknown): string | undefined {
  const id = (json as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
