import type { GeneratedAttribute } from "../generate/attributes.js";
import type { UserGenerator, UserStatus, UserTimes } from "../generate/users.js";
import { instant, instantText, type JsonObject } from "../json.js";
import type { Ids } from "./ids.js";
import { firstAbove, VersionedMap } from "./versioned.js";

/** A user that was created or changed since the org was generated. Never changed in place. */
export interface User extends UserTimes {
  readonly index: number;
  readonly id: string;
  readonly status: UserStatus;
  readonly transitioningToStatus?: string;
  readonly typeId: string;
  readonly realmId?: string;
  readonly profile: JsonObject;
  readonly password?: string | true;
  readonly recoveryQuestion?: string;
  /** Never shown. */
  readonly recoveryAnswer?: string;
  readonly provider: { readonly type: string; readonly name: string };
  /** How many sign-in blocks {@link UserTimes.lastLogin} already counts. */
  readonly signInsSeen: number;
}

/** What the store asks of the rest of the org. */
export interface UserSurroundings {
  readonly ids: Ids;
  readonly generator: UserGenerator;
  readonly keepMs: number;
  typeId(type: number): string;
  /** The custom attributes that generated users of this type still show. */
  attributes(type: number): readonly GeneratedAttribute[];
  /** When bulk sign-ins after the first `seen` blocks last touched user `i`, or null. */
  lastSignIn(i: number, seen: number): number | null;
  signInBlocks(): number;
}

/** How a user is written out. */
export interface UserForm {
  readonly base: string;
  /** `okta-response` asked for it (OpenAPI spec): without credentials and transitioningToStatus. */
  readonly omitCredentials?: boolean;
}

/** All users by number: the generated ones computed, the changed ones kept. */
export class UserStore {
  readonly #around: UserSurroundings;
  readonly #changed: VersionedMap<User>;
  readonly #byLogin = new Map<string, number>();
  #next: number;

  constructor(around: UserSurroundings) {
    this.#around = around;
    this.#changed = new VersionedMap(around.keepMs);
    this.#next = around.generator.count;
  }

  /** One above the highest number ever given. */
  get end(): number {
    return this.#next;
  }

  newIndex(): number {
    return this.#next++;
  }

  id(i: number): string {
    return this.#around.ids.encode("00u", i);
  }

  exists(i: number, at?: number): boolean {
    const changed = this.#changed.get(i, at);
    return changed === undefined ? i >= 0 && i < this.#around.generator.count : changed !== null;
  }

  /** The user's status; call only for one that exists. */
  status(i: number, at?: number): UserStatus {
    return this.#changed.get(i, at)?.status ?? this.#around.generator.status(i);
  }

  /** The number behind an id or a login (whole or its part before the @), or -1. */
  find(idOrLogin: string): number {
    const i = this.#around.ids.decode("00u", idOrLogin);
    if (i >= 0) return this.exists(i) ? i : -1;
    return this.findLogin(idOrLogin);
  }

  findLogin(text: string): number {
    const login = text.toLowerCase();
    const known = this.#byLogin.get(login);
    if (known !== undefined) return known;
    const generated = this.#around.generator.find(login.includes("@") ? login : `${login}@example.com`);
    if (generated >= 0 && this.#changed.get(generated) === undefined) return generated;
    if (login.includes("@")) return -1;
    const matches = [...this.#byLogin].filter(([key]) => key.startsWith(`${login}@`));
    return matches.length === 1 ? (matches[0]?.[1] ?? -1) : -1;
  }

  /** The whole user as of `at`; undefined when there is none. */
  get(i: number, at?: number): User | undefined {
    const { generator } = this.#around;
    const changed = this.#changed.get(i, at);
    if (changed === null) return undefined;
    if (changed) return this.#withSignIns(changed);
    if (i < 0 || i >= generator.count) return undefined;
    return this.#withSignIns(this.generated(i));
  }

  /** User `i` as it was generated, whatever became of it since. */
  generated(i: number): User {
    const { generator } = this.#around;
    const type = generator.type(i);
    return {
      index: i,
      id: this.id(i),
      status: generator.status(i),
      ...generator.times(i),
      typeId: this.#around.typeId(type),
      profile: JSON.parse(`{${generator.profileJson(i, this.#around.attributes(type))}}`) as JsonObject,
      ...(generator.hasPassword(i) ? { password: true as const } : {}),
      provider: { type: "OKTA", name: "OKTA" },
      signInsSeen: 0,
    };
  }

  #withSignIns(user: User): User {
    const blocks = this.#around.signInBlocks();
    if (user.signInsSeen === blocks) return user;
    const last = user.status === "ACTIVE" ? this.#around.lastSignIn(user.index, user.signInsSeen) : null;
    return { ...user, lastLogin: last ?? user.lastLogin, signInsSeen: blocks };
  }

  /** What the default application mappings read of user `i` as it was generated. */
  generatedPerson(i: number): Pick<User, "index" | "profile"> {
    return { index: i, profile: this.#around.generator.person(i) };
  }

  /** Stores a new state of the user; null removes it. */
  set(i: number, user: User | null, now: number): void {
    const before = this.get(i);
    if (before) this.#byLogin.delete(loginOf(before));
    this.#changed.set(i, user, now);
    if (user) this.#byLogin.set(loginOf(user), i);
  }

  /** Numbers from `after + 1` on, ascending; with `changedOnly`, those that were touched since the org was generated. */
  *indexes(after: number, changedOnly = false): Generator<number> {
    if (!changedOnly) {
      for (let i = after + 1; i < this.#next; i++) yield i;
      return;
    }
    const keys = this.#changed.keys();
    for (let k = firstAbove(keys, after); k < keys.length; k++) {
      const key = keys[k];
      if (key !== undefined) yield key;
    }
  }

  get changedCount(): number {
    return this.#changed.size;
  }

  /** The user as a list shows it (recorded traffic: only `_links.self`); straight from the generator where unchanged. */
  listJson(i: number, form: UserForm, at?: number): string {
    const { generator } = this.#around;
    if (this.#changed.get(i, at) === undefined && i < generator.count) {
      const type = generator.type(i);
      const status = generator.status(i);
      const last = status === "ACTIVE" ? this.#around.lastSignIn(i, 0) : null;
      const times = generator.times(i);
      return rowJson(form, {
        id: this.id(i),
        status,
        times: last === null ? times : { ...times, lastLogin: last },
        typeId: this.#around.typeId(type),
        profile: generator.profileJson(i, this.#around.attributes(type)),
        credentials: generator.hasPassword(i) ? PASSWORD : NO_PASSWORD,
        extra: "",
      });
    }
    const user = this.get(i, at);
    if (!user) return "null";
    return rowJson(form, {
      id: user.id,
      status: user.status,
      times: user,
      typeId: user.typeId,
      profile: JSON.stringify(user.profile).slice(1, -1),
      credentials: JSON.stringify(credentialsOf(user)),
      extra:
        (user.transitioningToStatus && !form.omitCredentials
          ? `"transitioningToStatus":"${user.transitioningToStatus}",`
          : "") + (user.realmId ? `"realmId":"${user.realmId}",` : ""),
    });
  }
}

const NO_PASSWORD = '{"provider":{"type":"OKTA","name":"OKTA"}}';
const PASSWORD = `{"password":{},${NO_PASSWORD.slice(1)}`;

interface Row {
  readonly id: string;
  readonly status: string;
  readonly times: UserTimes;
  readonly typeId: string;
  readonly profile: string;
  readonly credentials: string;
  readonly extra: string;
}

function rowJson(form: UserForm, row: Row): string {
  const t = row.times;
  return (
    `{"id":"${row.id}","status":"${row.status}",${row.extra}"created":${quoted(t.created)},"activated":${quoted(t.activated)},` +
    `"statusChanged":${quoted(t.statusChanged)},"lastLogin":${quoted(t.lastLogin)},"lastUpdated":${quoted(t.lastUpdated)},` +
    `"passwordChanged":${quoted(t.passwordChanged)},"type":{"id":"${row.typeId}"},"profile":{${row.profile}},` +
    `${form.omitCredentials ? "" : `"credentials":${row.credentials},`}"_links":{"self":{"href":"${form.base}/api/v1/users/${row.id}"}}}`
  );
}

function quoted(ms: number | null): string {
  return ms === null ? "null" : `"${instantText(ms)}"`;
}

/** `credentials` as the API shows them: a set password is `{}`, never its content (recorded traffic). */
export function credentialsOf(user: User): JsonObject {
  return {
    ...(user.password === undefined ? {} : { password: {} }),
    ...(user.recoveryQuestion === undefined ? {} : { recovery_question: { question: user.recoveryQuestion } }),
    provider: { ...user.provider },
  };
}

export function loginOf(user: User): string {
  const login = user.profile["login"];
  return typeof login === "string" ? login.toLowerCase() : "";
}

/** The single GET: all lifecycle links of the present status, and the links to type and schema (recorded traffic). */
export function userJson(user: User, schemaId: string, base: string): JsonObject {
  const href = `${base}/api/v1/users/${user.id}`;
  const post = (path: string): JsonObject => ({ href: `${href}/${path}`, method: "POST" });
  const { status } = user;
  const live = status !== "STAGED" && status !== "DEPROVISIONED";
  return {
    id: user.id,
    status,
    ...(user.transitioningToStatus ? { transitioningToStatus: user.transitioningToStatus } : {}),
    created: instant(user.created),
    activated: instant(user.activated),
    statusChanged: instant(user.statusChanged),
    lastLogin: instant(user.lastLogin),
    lastUpdated: instant(user.lastUpdated),
    passwordChanged: instant(user.passwordChanged),
    ...(user.realmId ? { realmId: user.realmId } : {}),
    type: { id: user.typeId },
    profile: user.profile,
    credentials: credentialsOf(user),
    _links: {
      ...(live && status !== "SUSPENDED" ? { suspend: post("lifecycle/suspend") } : {}),
      ...(status === "SUSPENDED" ? { unsuspend: post("lifecycle/unsuspend") } : {}),
      ...(status === "LOCKED_OUT" ? { unlock: post("lifecycle/unlock") } : {}),
      schema: { href: `${base}/api/v1/meta/schemas/user/${schemaId}` },
      ...(live ? { resetPassword: post("lifecycle/reset_password") } : { activate: post("lifecycle/activate") }),
      ...(user.password === undefined
        ? {}
        : {
            forgotPassword: post("credentials/forgot_password"),
            expirePassword: post("lifecycle/expire_password"),
            changePassword: post("credentials/change_password"),
          }),
      ...(user.recoveryQuestion === undefined
        ? {}
        : { changeRecoveryQuestion: post("credentials/change_recovery_question") }),
      ...(status === "PROVISIONED" ? { reactivate: post("lifecycle/reactivate") } : {}),
      self: { href },
      resetFactors: post("lifecycle/reset_factors"),
      type: { href: `${base}/api/v1/meta/types/user/${user.typeId}` },
      ...(status === "DEPROVISIONED"
        ? { delete: { href, method: "DELETE" } }
        : { deactivate: post("lifecycle/deactivate") }),
    },
  };
}
