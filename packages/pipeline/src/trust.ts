import { createHash } from "node:crypto";

import type { OktaGrants } from "@tidemark/okta-client";

/** What the token may see, as it is remembered beside the rows that it saw. */
export interface RememberedGrants {
  readonly fingerprint: string;
  readonly roles: readonly string[] | null;
  readonly scopes: readonly string[] | null;
}

/** Whether absence and 404 can count as proof in this run. */
export interface Trust {
  readonly trusted: boolean;
  /** Why not, as the middle of a sentence. */
  readonly distrust: string | null;
  /** What to remember once an object was read completely. */
  readonly now: RememberedGrants;
}

/** The grants in the form that is stored; `unknown` parts are null. */
export function remember(grants: OktaGrants): RememberedGrants {
  const roles = grants.roles === "unknown" ? null : grants.roles.map(roleText).sort();
  const scopes = grants.scopes === "unknown" || grants.scopes === null ? null : [...grants.scopes].sort();
  return { fingerprint: createHash("sha256").update(grants.fingerprint).digest("hex").slice(0, 32), roles, scopes };
}

export function roleText(role: {
  type: string;
  label: string;
  status: string;
  targets: readonly string[] | "unknown" | null;
}): string {
  const targets =
    role.targets === null ? "" : ` on ${role.targets === "unknown" ? "unknown targets" : role.targets.join(", ")}`;
  return `${role.label || role.type}${role.status === "ACTIVE" ? "" : ` (${role.status})`}${targets}`;
}

/**
 * Compares the token's rights with those under which an object was last read completely. The same rights, or more
 * (every old role and scope is still there), are trusted; fewer or other ones are not: rows that they hide look exactly
 * like rows that are gone.
 */
export function compareGrants(now: RememberedGrants, before: RememberedGrants | null): Trust {
  if (before === null || before.fingerprint === now.fingerprint) return { trusted: true, distrust: null, now };
  const lostRoles = lost(before.roles, now.roles);
  const lostScopes = lost(before.scopes, now.scopes);
  if (lostRoles !== "unknown" && lostScopes !== "unknown" && lostRoles.length + lostScopes.length === 0) {
    return { trusted: true, distrust: null, now };
  }
  const parts = [describe("admin role", lostRoles), describe("scope", lostScopes)].filter((part) => part !== null);
  return {
    trusted: false,
    distrust: `the token's rights changed since they were read completely (${parts.join("; ")})`,
    now,
  };
}

function lost(before: readonly string[] | null, now: readonly string[] | null): readonly string[] | "unknown" {
  if (before === null) return [];
  if (now === null) return "unknown";
  return before.filter((entry) => !now.includes(entry));
}

function describe(what: string, gone: readonly string[] | "unknown"): string | null {
  if (gone === "unknown") return `its ${what}s can no longer be read`;
  return gone.length === 0 ? null : `without ${what} ${gone.join(", ")}`;
}
