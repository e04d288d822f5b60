import type { JsonObject } from "../json.js";
import { present, SimulatedResources } from "../resources/simulated-resources.js";
import type { ResourceStore } from "../resources/store.js";
import { createApp, deleteApp, setAppStatus, updateApp } from "./app-changes.js";
import { type App, appJson } from "./apps.js";
import { assignGroup, assignUser, unassignGroup, unassignUser, updateAppUser } from "./assignment-changes.js";
import { createGroup, deleteGroup, updateGroup } from "./group-changes.js";
import { type Group, groupJson } from "./groups.js";
import { addMember, removeMember } from "./membership-changes.js";
import type { Org } from "./org.js";
import { grantRole, revokeRole, rolesOf } from "./roles.js";
import { activateRule, createRule, deactivateRule, deleteRule, updateRule } from "./rule-changes.js";
import { type GroupRule, ruleJson } from "./rules.js";
import { createUserType, deleteUserType, updateGroupSchema, updateUserSchema } from "./schema-changes.js";
import { type UserType, userTypeJson } from "./schemas.js";
import { truthOf, type TruthObject } from "./truth.js";
import { createUser, deactivateUser, deleteUser, signIn, updateUser } from "./user-changes.js";
import { LIFECYCLE, lockUser } from "./user-lifecycle.js";
import { type User, userJson } from "./users.js";

/** How {@link SimulatedOrg.createUser} goes beyond the default: activated, without a password. */
export interface NewUser {
  readonly activate?: boolean;
  readonly password?: string;
  /** Id of the user type; default the default type. */
  readonly type?: string;
  readonly groupIds?: readonly string[];
}

/**
 * The org as tests and the demo handle it: the same changes as over HTTP, made by an administrator, with the same
 * checks (they throw `OktaError`), the same log events and the same lags; and the truth to compare with.
 */
export class SimulatedOrg extends SimulatedResources {
  readonly #org: Org;
  readonly #base: () => string;

  constructor(org: Org, resources: ResourceStore, base: () => string) {
    super(org, resources, base);
    this.#org = org;
    this.#base = base;
  }

  /** The org's id, as `/.well-known/okta-organization` tells it. */
  get id(): string {
    return this.#org.id;
  }

  /** Every attribute in `profile` that is not given is absent; login, email, first and last name are filled in. */
  createUser(profile: JsonObject, options: NewUser = {}): JsonObject {
    return this.asAdmin(() => {
      const n = this.#org.users.end;
      const body: JsonObject = {
        profile: {
          firstName: "New",
          lastName: `User${n}`,
          login: `new.user.${n}@example.net`,
          email: `new.user.${n}@example.net`,
          ...profile,
        },
        ...(options.password ? { credentials: { password: { value: options.password } } } : {}),
        ...(options.type ? { type: { id: options.type } } : {}),
        ...(options.groupIds ? { groupIds: options.groupIds } : {}),
      };
      return this.#userJson(createUser(this.#org, body, { activate: options.activate ?? true }));
    });
  }

  /** Partial: null clears an attribute. */
  updateUser(id: string, profile: JsonObject): JsonObject {
    return this.asAdmin(() =>
      this.#userJson(updateUser(this.#org, this.#user(id), { body: { profile }, replace: false })),
    );
  }

  /** Moves a user to another type; attributes that the new type does not have are dropped. */
  changeUserType(id: string, typeId: string): JsonObject {
    return this.asAdmin(() => {
      const user = this.#user(id);
      const type = this.#type(typeId);
      const kept = Object.fromEntries(
        Object.entries(user.profile).filter(
          ([name]) => type.custom.has(name) || !this.#type(user.typeId).custom.has(name),
        ),
      );
      return this.#userJson(
        updateUser(this.#org, user, { body: { profile: kept, type: { id: type.id } }, replace: true }),
      );
    });
  }

  deactivateUser(id: string): void {
    this.asAdmin(() => deactivateUser(this.#org, this.#user(id)));
  }

  /** For good, in one step: deactivates first where that is needed. */
  deleteUser(id: string): void {
    this.asAdmin(() => {
      if (this.#user(id).status !== "DEPROVISIONED") deleteUser(this.#org, this.#user(id));
      deleteUser(this.#org, this.#user(id));
    });
  }

  activateUser(id: string): void {
    this.lifecycle(id, "activate");
  }

  reactivateUser(id: string): void {
    this.lifecycle(id, "reactivate");
  }

  suspendUser(id: string): void {
    this.lifecycle(id, "suspend");
  }

  unsuspendUser(id: string): void {
    this.lifecycle(id, "unsuspend");
  }

  unlockUser(id: string): void {
    this.lifecycle(id, "unlock");
  }

  lockUser(id: string): void {
    this.asAdmin(() => lockUser(this.#org, this.#user(id)));
  }

  /** Any lifecycle call by the name it has in the path: `expire_password`, `reset_password` … */
  lifecycle(id: string, name: string): void {
    this.asAdmin(() => LIFECYCLE[name]?.(this.#org, this.#user(id), { sendEmail: true, base: this.#base() }));
  }

  /** One user signs in, `times` times: lastLogin moves, lastUpdated does not. */
  signIn(userId: string, times = 1): void {
    for (let k = 0; k < times; k++) this.asAdmin(() => signIn(this.#org, this.#user(userId)));
  }

  /** `count` sign-ins by the generated users in turn, spread over the last `overMs`; costs no memory. */
  signIns(count: number, overMs = 3_600_000): void {
    const now = this.#org.now();
    const run = this.#org.signIns.add(
      { count, from: now - overMs, to: now },
      { seed: this.#org.seed, userId: (i) => this.#org.users.id(i) },
    );
    this.#org.log.appendRun(run);
  }

  /** `times` events of that type, whatever it is: Okta adds types every month. */
  report(type: string, times = 1): void {
    for (let k = 0; k < times; k++) this.asAdmin(() => this.#org.happened({ type, targets: [] }));
  }

  createGroup(profile: JsonObject): JsonObject {
    return this.asAdmin(() => groupJson(createGroup(this.#org, { profile }), this.#base()));
  }

  /** Replaces the whole profile. */
  updateGroup(id: string, profile: JsonObject): JsonObject {
    return this.asAdmin(() => groupJson(updateGroup(this.#org, this.#group(id), { profile }), this.#base()));
  }

  deleteGroup(id: string): void {
    this.asAdmin(() => deleteGroup(this.#org, this.#group(id)));
  }

  addMember(groupId: string, userId: string): void {
    this.asAdmin(() => addMember(this.#org, groupId, userId));
  }

  removeMember(groupId: string, userId: string): void {
    this.asAdmin(() => removeMember(this.#org, groupId, userId));
  }

  createGroupRule(rule: { name: string; expression: string; groupIds: readonly string[] }): JsonObject {
    const body: JsonObject = {
      type: "group_rule",
      name: rule.name,
      conditions: { expression: { value: rule.expression, type: "urn:okta:expression:1.0" } },
      actions: { assignUserToGroups: { groupIds: rule.groupIds } },
    };
    return this.asAdmin(() => ruleJson(createRule(this.#org, body)));
  }

  /** Changes name or expression; the rule must be inactive. */
  updateGroupRule(id: string, change: { name?: string; expression?: string }): JsonObject {
    return this.asAdmin(() => {
      const rule = this.#rule(id);
      const value = change.expression ?? rule.expression;
      const body: JsonObject = {
        name: change.name ?? rule.name,
        conditions: { expression: { value } },
        actions: { assignUserToGroups: { groupIds: rule.groupIds } },
      };
      return ruleJson(updateRule(this.#org, rule, body));
    });
  }

  activateGroupRule(id: string): void {
    this.asAdmin(() => activateRule(this.#org, this.#rule(id)));
  }

  deactivateGroupRule(id: string): void {
    this.asAdmin(() => deactivateRule(this.#org, this.#rule(id)));
  }

  deleteGroupRule(id: string, removeUsers = false): void {
    this.asAdmin(() => deleteRule(this.#org, this.#rule(id), { removeUsers }));
  }

  createApp(body: JsonObject): JsonObject {
    return this.asAdmin(() =>
      this.#appJson(
        createApp(this.#org, {
          signOnMode: "BOOKMARK",
          settings: { app: { url: "https://app.example.com" } },
          ...body,
        }),
      ),
    );
  }

  /** Merged over what is there, then replaced as a whole, as PUT does. */
  updateApp(id: string, body: JsonObject): JsonObject {
    return this.asAdmin(() => {
      const app = this.#app(id);
      return this.#appJson(updateApp(this.#org, app, { ...app.body, label: app.label, ...body }));
    });
  }

  activateApp(id: string): void {
    this.asAdmin(() => setAppStatus(this.#org, this.#app(id), "ACTIVE"));
  }

  deactivateApp(id: string): void {
    this.asAdmin(() => setAppStatus(this.#org, this.#app(id), "INACTIVE"));
  }

  /** For good, in one step: deactivates first where that is needed. */
  deleteApp(id: string): void {
    this.asAdmin(() => {
      setAppStatus(this.#org, this.#app(id), "INACTIVE");
      deleteApp(this.#org, this.#app(id));
    });
  }

  assignUser(appId: string, userId: string, body: JsonObject = {}): void {
    this.asAdmin(() => assignUser(this.#org, { app: this.#app(appId), user: this.#user(userId) }, body));
  }

  updateAppUser(appId: string, userId: string, body: JsonObject): void {
    this.asAdmin(() => updateAppUser(this.#org, { app: this.#app(appId), user: this.#user(userId) }, body));
  }

  unassignUser(appId: string, userId: string): void {
    this.asAdmin(() => unassignUser(this.#org, { app: this.#app(appId), user: this.#user(userId) }));
  }

  assignGroup(appId: string, groupId: string, body: JsonObject = {}): void {
    this.asAdmin(() => assignGroup(this.#org, { app: this.#app(appId), group: this.#group(groupId) }, body));
  }

  unassignGroup(appId: string, groupId: string): void {
    this.asAdmin(() => unassignGroup(this.#org, { app: this.#app(appId), group: this.#group(groupId) }));
  }

  createUserType(body: { name: string; displayName: string; description?: string }): JsonObject {
    return this.asAdmin(() => userTypeJson(createUserType(this.#org, body), this.#base()));
  }

  deleteUserType(id: string): void {
    this.asAdmin(() => deleteUserType(this.#org, this.#type(id)));
  }

  /** Adds a custom attribute to a user type (its id, or `default`), or changes it; a null schema removes it. */
  addUserAttribute(typeId: string, name: string, schema: JsonObject | null): void {
    this.asAdmin(() =>
      updateUserSchema(this.#org, this.#type(typeId), { definitions: { custom: { properties: { [name]: schema } } } }),
    );
  }

  addGroupAttribute(name: string, schema: JsonObject | null): void {
    this.asAdmin(() => updateGroupSchema(this.#org, { definitions: { custom: { properties: { [name]: schema } } } }));
  }

  /** Gives a user or client an admin role, such as `APP_ADMIN`. */
  grantRole(holder: string, type: string): void {
    this.asAdmin(() => grantRole(this.#org, holder, type));
  }

  revokeRole(holder: string, type: string): void {
    this.asAdmin(() => {
      const role = rolesOf(this.#org, holder).find((one) => one.type === type);
      revokeRole(this.#org, holder, role?.id ?? type);
    });
  }

  /** The id of generated user number `i`. */
  userId(i: number): string {
    return this.#org.users.id(i);
  }

  /** The id of group number `g`; 0 is Everyone. */
  groupId(g: number): string {
    return this.#org.groups.id(g);
  }

  appId(a: number): string {
    return this.#org.ids.encode("0oa", a);
  }

  /** Every object of that kind as it is at this moment, without lag, as the lists show it; pairs carry their parents' ids. */
  truth(object: TruthObject): Iterable<JsonObject> {
    this.#org.tick();
    return truthOf(this.#org, object, this.#base());
  }

  /** Lets everything that lags catch up: background jobs run, lists, search and log show the present. */
  settle(): void {
    this.#org.settle();
  }

  #user(id: string): User {
    return present(this.#org.users.get(this.#org.users.find(id)), id);
  }

  #group(id: string): Group {
    return present(this.#org.groups.find(id), id);
  }

  #app(id: string): App {
    return present(this.#org.apps.find(id), id);
  }

  #rule(id: string): GroupRule {
    return present(this.#org.rules.get(this.#org.ids.decode("0pr", id)) ?? undefined, id);
  }

  #type(id: string): UserType {
    return present(
      this.#org.types.find((type) => (id === "default" ? type.isDefault : type.id === id)),
      id,
    );
  }

  #userJson(user: User): JsonObject {
    return userJson(user, this.#type(user.typeId).schemaId, this.#base());
  }

  #appJson(app: App): JsonObject {
    return appJson(app, { org: this.#org, base: this.#base() });
  }
}
