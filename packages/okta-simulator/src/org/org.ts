import { type Clock, systemClock } from "@tidemark/kernel";
import { type GeneratedAttribute, generateAttributes } from "../generate/attributes.js";
import { generateApps } from "../generate/apps.js";
import { generateGroups } from "../generate/groups.js";
import { mix } from "../generate/hash.js";
import { generateUsers, type UserGenerator } from "../generate/users.js";
import type { JsonObject } from "../json.js";
import { AppStore } from "./apps.js";
import { AssignmentStore } from "./assignments.js";
import { generatedTypes, GROUP_CUSTOM, storeApps, storeGroups } from "./generated.js";
import type { OrgFeature } from "./features.js";
import { GroupStore } from "./groups.js";
import { createIds, type Ids } from "./ids.js";
import { type Actor, eventJson, type Happening } from "./log-events.js";
import { SystemLog, uuidOf } from "./log.js";
import { MemberStore } from "./members.js";
import type { RoleAssignment } from "./role-assignment.js";
import type { GroupRule } from "./rules.js";
import type { Attributes, UserType } from "./schemas.js";
import { SignIns } from "./sign-ins.js";
import { UserStore } from "./users.js";
import { VersionedMap } from "./versioned.js";

/** How far what a reader sees lies behind what was written, in milliseconds. The single GET is always fresh. */
export interface Lag {
  /** Plain lists, `filter`, members and assignments. */
  readonly listMs: number;
  /** `search`. */
  readonly searchMs: number;
  /** What Okta does after a write: rules, assignments by group, `lastMembershipUpdated`. */
  readonly membershipMs: number;
  /** From an event's `published` to its appearance in the log; each event takes between nothing and this long. */
  readonly logMs: number;
}

/** The size and nature of a generated org. */
export interface OrgOptions {
  readonly users: number;
  readonly groups: number;
  readonly apps: number;
  readonly customAttributes: number;
  readonly seed: number;
  readonly lag: Lag;
  /** How far back a log request's `since` may lie; Okta docs: 180 days. */
  readonly logSinceDays: number;
  readonly clock?: Clock;
  /** Features that the org has not bought: their endpoints answer 401 E0000015. */
  readonly withoutFeatures?: readonly OrgFeature[];
  /** A preview org: its resource names begin with `orn:oktapreview` (Okta's SDK tests). */
  readonly preview?: boolean;
}

/** Newest instant of generated data; later changes are made by people and tests. */
const GENERATED_UNTIL = Date.UTC(2026, 0, 15);

interface Task {
  readonly due: number;
  readonly run: () => void;
}

/** The whole state of an org: the stores, its clock, its log, and what it still has to do. Rules live in the modules beside. */
export class Org {
  readonly clock: Clock;
  readonly seed: number;
  readonly lag: Lag;
  readonly logSinceDays: number;
  readonly id: string;
  readonly ids: Ids;
  readonly newest: number;
  readonly generator: UserGenerator;
  readonly attributes: readonly GeneratedAttribute[];
  readonly types: UserType[];
  readonly users: UserStore;
  readonly groups: GroupStore;
  readonly members: MemberStore;
  readonly apps: AppStore;
  readonly assignments: AssignmentStore;
  readonly log = new SystemLog();
  readonly signIns: SignIns;
  readonly withoutFeatures: ReadonlySet<OrgFeature>;
  readonly #partition: string;
  groupSchema: { custom: Attributes; updated: number };
  readonly rules: VersionedMap<GroupRule>;
  /** Admin roles by holder: the id of a user, a group or a client. */
  readonly roles = new Map<string, readonly RoleAssignment[]>();
  /** Whom `POST /authn` let in, by the token that it gave for that. */
  readonly sessionTokens = new Map<string, { readonly userId: string; readonly expires: number }>();
  /** The client that signs in with a key of its own, once there is one. */
  serviceApp: { readonly clientId: string; readonly keys: () => readonly JsonObject[] } | undefined;
  /** What else follows when user `u` joins or leaves a group. */
  memberReactions: (u: number) => void = () => undefined;
  /** Takes away the factors of the user with this id. */
  factorsReset: (userId: string) => void = () => undefined;
  #rules = 0;
  #types: number;
  readonly #generatedTypes: readonly string[];
  /** Rises with every change: what was computed from the state before is stale. */
  revision = 0;
  #settledAt = -Infinity;
  #tasks: Task[] = [];
  #events = 0;
  #actor: Actor | undefined;
  #transaction = "";
  #counter = 0;

  constructor(options: OrgOptions) {
    this.clock = options.clock ?? systemClock;
    this.seed = options.seed;
    this.lag = options.lag;
    this.logSinceDays = options.logSinceDays;
    this.ids = createIds(options.seed);
    this.id = this.ids.encode("00o", 1);
    this.newest = Math.min(GENERATED_UNTIL, Math.floor((this.clock.now() - 3_600_000) / 1000) * 1000);
    this.generator = generateUsers(options.seed, options.users, this.newest);
    this.attributes = generateAttributes(options.customAttributes);
    this.types = generatedTypes(this);
    this.#types = this.types.length;
    this.#generatedTypes = this.types.map((type) => type.id);
    this.groupSchema = { custom: options.customAttributes === 0 ? new Map() : GROUP_CUSTOM, updated: this.newest };
    this.signIns = new SignIns(this.generator);
    const keepMs = Math.max(options.lag.listMs, options.lag.searchMs);
    this.users = new UserStore({
      ids: this.ids,
      generator: this.generator,
      keepMs,
      typeId: (type) => this.#generatedTypes[type] ?? "",
      attributes: (type) => this.types.find((one) => one.id === this.#generatedTypes[type])?.generated ?? [],
      lastSignIn: (i, seen) => this.signIns.last(i, seen),
      signInBlocks: () => this.signIns.blocks,
    });
    this.rules = new VersionedMap(keepMs);
    this.groups = new GroupStore(this.ids, keepMs);
    const generated = generateGroups({
      seed: options.seed,
      users: options.users,
      count: options.groups + 1,
      newest: this.newest,
    });
    this.members = new MemberStore(this.users, { generated, users: options.users, keepMs });
    const apps = generateApps({
      seed: options.seed,
      users: options.users,
      groups: generated.length,
      count: options.apps,
      newest: this.newest,
    });
    this.apps = new AppStore(this.ids, keepMs);
    storeApps(this, apps);
    this.assignments = new AssignmentStore({
      seed: options.seed,
      newest: this.newest,
      generated: apps,
      generatedUsers: options.users,
      generatedStatus: (u) => this.generator.status(u),
      users: this.users,
      members: this.members,
      groupExists: (g, at) => this.groups.get(g, at) !== undefined,
      groupStride: (g) => generated[g] ?? { stride: 1, offset: options.users },
      keepMs,
    });
    storeGroups(this, generated, apps.length);
    this.withoutFeatures = new Set(options.withoutFeatures);
    this.#partition = options.preview === true ? "oktapreview" : "okta";
  }

  now(): number {
    return this.clock.now();
  }

  /** The name that Okta gives a resource of a service of this org, such as `groups:00g…` of `directory` (OpenAPI spec). */
  orn(service: string, resource: string): string {
    return `orn:${this.#partition}:${service}:${this.id}:${resource}`;
  }

  /** The present instant as Okta stores it: whole seconds (recorded traffic: milliseconds are .000). */
  stamp(): number {
    const now = this.now();
    return now - (now % 1000);
  }

  /** The instant whose state lists show; Infinity = the present. */
  listedAt(): number {
    return this.#seenAt(this.lag.listMs);
  }

  searchedAt(): number {
    return this.#seenAt(this.lag.searchMs);
  }

  #seenAt(lagMs: number): number {
    return lagMs === 0 ? Infinity : Math.max(this.now() - lagMs, this.#settledAt);
  }

  newTypeIndex(): number {
    return this.#types++;
  }

  /** True for a user type that generated users have. */
  generatedType(id: string): boolean {
    return this.#generatedTypes.includes(id);
  }

  newRuleIndex(): number {
    return this.#rules++;
  }

  *allRules(at?: number, after = -1): Generator<GroupRule> {
    for (let r = after + 1; r < this.#rules; r++) {
      const rule = this.rules.get(r, at);
      if (rule) yield rule;
    }
  }

  /** A number never given before: for ids, secrets and tokens that must be new. */
  fresh(): number {
    return mix(this.seed, 900, this.#counter++);
  }

  /** Does `run` as `actor`, all its events in one transaction. */
  as<T>(actor: Actor, run: () => T): T {
    const [actorBefore, transactionBefore] = [this.#actor, this.#transaction];
    this.#actor = actor;
    this.#transaction = uuidOf(this.seed, 7, this.#counter++)
      .replace(/-/g, "")
      .slice(0, 25);
    try {
      return run();
    } finally {
      this.#actor = actorBefore;
      this.#transaction = transactionBefore;
    }
  }

  /** The actor of what is happening now; Okta itself when nobody else. */
  get actor(): Actor {
    return (
      this.#actor ?? {
        id: "spr0000000000000000",
        type: "SystemPrincipal",
        alternateId: "system@okta.com",
        displayName: "Okta System",
      }
    );
  }

  /** Writes an event to the System Log. */
  happened(happening: Happening): void {
    const published = this.now();
    const n = this.#events++;
    const delay = this.lag.logMs === 0 ? 0 : mix(this.seed, n, 8) % (this.lag.logMs + 1);
    const transactionId = this.#transaction || uuidOf(this.seed, 9, n).slice(0, 25);
    const event = eventJson(happening, { actor: this.actor, published, uuid: uuidOf(this.seed, 10, n), transactionId });
    this.log.append({ type: happening.type, published, persisted: published + delay, event }, published);
    this.revision++;
  }

  /** Does `run` a moment later ({@link Lag.membershipMs}), as Okta's background jobs do. */
  later(run: () => void): void {
    const actor = this.#actor;
    this.#tasks.push({ due: this.now() + this.lag.membershipMs, run: () => (actor ? this.as(actor, run) : run()) });
    if (this.lag.membershipMs === 0 && !this.#running) this.tick();
  }

  #running = false;

  /** Runs what has come due; `all` runs everything that is pending, also what arises from it. */
  tick(all = false): void {
    if (this.#running) return;
    this.#running = true;
    try {
      for (;;) {
        const now = this.now();
        const next = this.#tasks.findIndex((task) => all || task.due <= now);
        if (next < 0) break;
        const [task] = this.#tasks.splice(next, 1);
        task?.run();
      }
    } finally {
      this.#running = false;
    }
    this.log.settle(all ? Infinity : this.now());
  }

  /** Everything that lags has caught up: background work is done, lists and log show the present. */
  settle(): void {
    this.tick(true);
    this.#settledAt = this.now();
  }
}
