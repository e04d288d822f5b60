import type { GeneratedApp } from "../generate/apps.js";
import { mix } from "../generate/hash.js";
import { instant, type JsonObject } from "../json.js";
import { type App, OIDC_CLAIMS } from "./apps.js";
import type { MemberStore } from "./members.js";
import type { User, UserStore } from "./users.js";
import { firstAbove, VersionedMap } from "./versioned.js";

/** A group's assignment to an application. Never changed in place. */
export interface AppGroup {
  readonly group: number;
  readonly priority: number;
  readonly profile: JsonObject;
  readonly lastUpdated: number;
}

/** A user's assignment to an application. Never changed in place. */
export interface AppUser {
  readonly scope: "USER" | "GROUP";
  /** The group that grants it, for scope GROUP. */
  readonly group?: number;
  readonly status: string;
  readonly syncState: string;
  readonly externalId: string | null;
  readonly created: number;
  readonly lastUpdated: number;
  readonly statusChanged: number;
  readonly passwordChanged: number | null;
  readonly userName: string;
  readonly profile: JsonObject;
}

/** What the assignments lean on. */
export interface AssignmentSurroundings {
  readonly seed: number;
  readonly newest: number;
  readonly generated: readonly GeneratedApp[];
  readonly generatedUsers: number;
  readonly generatedStatus: (u: number) => string;
  readonly users: UserStore;
  readonly members: MemberStore;
  readonly groupExists: (g: number, at?: number) => boolean;
  readonly groupStride: (g: number) => { stride: number; offset: number };
  readonly keepMs: number;
}

/** Which groups and users are assigned to which application: the generated ones computed, the changes kept. */
export class AssignmentStore {
  readonly #around: AssignmentSurroundings;
  readonly #groups = new Map<number, VersionedMap<AppGroup>>();
  readonly #users = new Map<number, VersionedMap<AppUser>>();

  constructor(around: AssignmentSurroundings) {
    this.#around = around;
    for (const [a, app] of around.generated.entries()) {
      for (const [k, group] of app.groups.entries()) {
        this.setGroup(a, { group, priority: k, profile: {}, lastUpdated: app.lastUpdated }, around.newest);
      }
    }
  }

  group(a: number, g: number, at?: number): AppGroup | undefined {
    return this.#around.groupExists(g, at) ? (this.#groups.get(a)?.get(g, at) ?? undefined) : undefined;
  }

  /** The groups of an application by their number. */
  *groupsOf(a: number, after = -1, at?: number): Generator<AppGroup> {
    const keys = this.#groups.get(a)?.keys() ?? [];
    for (let k = firstAbove(keys, after); k < keys.length; k++) {
      const found = this.group(a, keys[k] ?? -1, at);
      if (found) yield found;
    }
  }

  setGroup(a: number, group: AppGroup, now: number): void {
    mapOf(this.#groups, a, this.#around.keepMs).set(group.group, group, now);
  }

  removeGroup(a: number, g: number, now: number): void {
    mapOf(this.#groups, a, this.#around.keepMs).set(g, null, now);
  }

  /** The assignment of user `u` to `app`, or undefined. */
  user(app: App, u: number, at?: number): AppUser | undefined {
    if (!this.#around.users.exists(u, at)) return undefined;
    const changed = this.#users.get(app.index)?.get(u, at);
    if (changed !== undefined) return changed ?? undefined;
    return this.#generatedUser(app, u);
  }

  setUser(a: number, u: number, change: { user: AppUser | null; now: number }): void {
    mapOf(this.#users, a, this.#around.keepMs).set(u, change.user, change.now);
  }

  /** Numbers of the assigned users above `after`, ascending. */
  *usersOf(app: App, after = -1, at?: number): Generator<number> {
    const changed = this.#users.get(app.index)?.keys() ?? [];
    let c = firstAbove(changed, after);
    const plan = this.#around.generated[app.index];
    const runs = plan ? [plan, ...this.#grantingGroups(plan).map((g) => this.#around.groupStride(g))] : [];
    const next = runs.map(({ stride, offset }) =>
      after < offset ? offset : offset + stride * (Math.floor((after - offset) / stride) + 1),
    );
    for (;;) {
      let u = changed[c] ?? Infinity;
      for (const n of next) if (n < u && n < this.#around.generatedUsers) u = n;
      if (u === Infinity) return;
      if (changed[c] === u) c++;
      for (const [k, n] of next.entries()) if (n === u) next[k] = u + (runs[k]?.stride ?? 1);
      if (this.has(app, u, at)) yield u;
    }
  }

  #grantingGroups(plan: GeneratedApp): readonly number[] {
    return plan.status === "ACTIVE" ? plan.groups : [];
  }

  /** How the generator assigned `u`: directly (-1), by the group with this number, or not at all. */
  #generatedBy(app: App, u: number): number | undefined {
    const plan = this.#around.generated[app.index];
    if (!plan || u >= this.#around.generatedUsers || this.#around.generatedStatus(u) === "DEPROVISIONED")
      return undefined;
    if (u % plan.stride === plan.offset) return -1;
    return this.#grantingGroups(plan).find((g) => this.#around.members.wasGenerated(g, u));
  }

  #generatedUser(app: App, u: number): AppUser | undefined {
    const { seed, newest } = this.#around;
    const by = this.#generatedBy(app, u);
    if (by === undefined) return undefined;
    const from = this.#around.generated[app.index]?.created ?? newest;
    const created = second(from + (newest - from) * (mix(seed, u, 400 + app.index) / 0x1_0000_0000));
    return {
      ...newAppUser(app, this.#around.users.generatedPerson(u), created),
      ...(by === -1 ? {} : { scope: "GROUP" as const, group: by }),
      lastUpdated: second(created + (newest - created) * (mix(seed, u, 401 + app.index) / 0x1_0000_0000)),
    };
  }

  /** Whether user `u` is assigned; cheaper than {@link user}. */
  has(app: App, u: number, at?: number): boolean {
    if (!this.#around.users.exists(u, at)) return false;
    const changed = this.#users.get(app.index)?.get(u, at);
    return changed === undefined ? this.#generatedBy(app, u) !== undefined : changed !== null;
  }
}

/** A fresh assignment with what the default mappings fill in. */
export function newAppUser(app: App, user: Pick<User, "index" | "profile">, now: number): AppUser {
  const provisioned = Array.isArray(app.body["features"]) && app.body["features"].includes("PUSH_NEW_USERS");
  return {
    scope: "USER",
    status: provisioned ? "PROVISIONED" : "ACTIVE",
    syncState: provisioned ? "SYNCHRONIZED" : "DISABLED",
    externalId: provisioned ? `ext-${user.index}` : null,
    created: now,
    lastUpdated: now,
    statusChanged: now,
    passwordChanged: null,
    userName: String(user.profile["login"] ?? ""),
    profile: mappedProfile(app, user.profile),
  };
}

function mappedProfile(app: App, from: JsonObject): JsonObject {
  if (app.signOnMode !== "OPENID_CONNECT")
    return app.name === "salesforce"
      ? {
          email: from["email"] ?? null,
          firstName: from["firstName"] ?? null,
          lastName: from["lastName"] ?? null,
          role: null,
        }
      : {};
  const given: JsonObject = {
    given_name: from["firstName"],
    family_name: from["lastName"],
    email: from["email"],
    locale: from["locale"] ?? "en_US",
    zoneinfo: from["timezone"] ?? "America/Los_Angeles",
    name: `${String(from["firstName"] ?? "")} ${String(from["lastName"] ?? "")}`,
  };
  return Object.fromEntries(OIDC_CLAIMS.map((claim) => [claim, given[claim] ?? null]));
}

function mapOf<V>(maps: Map<number, VersionedMap<V>>, key: number, keepMs: number): VersionedMap<V> {
  let map = maps.get(key);
  if (!map) maps.set(key, (map = new VersionedMap(keepMs)));
  return map;
}

function second(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** What the JSON of an assignment points at. */
export interface AssignmentLinks {
  readonly base: string;
  readonly appId: string;
}

/** An application user; its id is the user's (recorded traffic). */
export function appUserJson(
  assigned: AppUser,
  userId: string,
  links: AssignmentLinks & { group?: { id: string; name: string } },
): JsonObject {
  const { base, appId } = links;
  return {
    id: userId,
    externalId: assigned.externalId,
    created: instant(assigned.created),
    lastUpdated: instant(assigned.lastUpdated),
    ...(assigned.syncState === "SYNCHRONIZED" ? { lastSync: instant(assigned.lastUpdated) } : {}),
    scope: assigned.scope,
    status: assigned.status,
    statusChanged: instant(assigned.statusChanged),
    passwordChanged: instant(assigned.passwordChanged),
    syncState: assigned.syncState,
    credentials: { userName: assigned.userName, ...(assigned.passwordChanged === null ? {} : { password: {} }) },
    profile: assigned.profile,
    _links: {
      app: { href: `${base}/api/v1/apps/${appId}` },
      user: { href: `${base}/api/v1/users/${userId}` },
      ...(links.group ? { group: { name: links.group.name, href: `${base}/api/v1/groups/${links.group.id}` } } : {}),
    },
  };
}

/** An application's group assignment (recorded traffic). */
export function appGroupJson(assigned: AppGroup, groupId: string, links: AssignmentLinks): JsonObject {
  const { base, appId } = links;
  return {
    id: groupId,
    lastUpdated: instant(assigned.lastUpdated),
    priority: assigned.priority,
    profile: assigned.profile,
    _links: {
      app: { href: `${base}/api/v1/apps/${appId}` },
      self: { href: `${base}/api/v1/apps/${appId}/groups/${groupId}` },
      group: { href: `${base}/api/v1/groups/${groupId}` },
    },
  };
}
