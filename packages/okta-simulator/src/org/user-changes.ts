import { oktaError } from "../errors.js";
import { isObject, type JsonObject, objectAt, stringAt } from "../json.js";
import { reconcileUser } from "./app-changes.js";
import { addMember } from "./membership-changes.js";
import type { Org } from "./org.js";
import { changedAttributes, checkProfile, storedProfile } from "./profile-rules.js";
import { evaluateRules } from "./rule-changes.js";
import { USER_BASE, type Attributes, type UserType } from "./schemas.js";
import { userTarget } from "./targets.js";
import { loginOf, type User } from "./users.js";

/** How to create a user. */
export interface CreateOptions {
  readonly activate?: boolean;
  /** Credentials of another provider: no password here (`provider=true`). */
  readonly provider?: boolean;
  readonly nextLogin?: string | null;
}

function typeOf(org: Org, id: string | undefined): UserType {
  const type = org.types.find((one) => (id === undefined || id === "default" ? one.isDefault : one.id === id));
  if (!type) throw oktaError("E0000001", { arg: "type", causes: ["type: The user type is invalid"] });
  return type;
}

function attributesOf(type: UserType): Attributes {
  return new Map([
    ...[...USER_BASE].map(([name, schema]) => [name, type.base.get(name) ?? schema] as const),
    ...type.custom,
  ]);
}

/** POST /users. */
export function createUser(org: Org, body: JsonObject, options: CreateOptions = {}): User {
  const type = typeOf(org, stringAt(objectAt(body, "type"), "id"));
  const profile = objectAt(body, "profile");
  checkProfile(profile, { attributes: attributesOf(type), subject: "newUser" });
  refuseTaken(org, profile, -1);
  const groupIds = Array.isArray(body["groupIds"]) ? body["groupIds"].map(String) : [];
  if (groupIds.length > 20)
    throw oktaError("E0000001", { arg: "groupIds", causes: ["groupIds: Only 20 groups may be specified"] });
  const groups = groupIds.map((id) => org.groups.find(id) ?? notFound(id, "UserGroup"));
  const credentials = credentialsIn(body);
  const activate = options.activate ?? true;
  if (options.nextLogin === "changePassword") {
    if (!credentials.password) throw oktaError("E0000124");
    if (!activate) throw oktaError("E0000125");
  }
  const provider = objectAt(objectAt(body, "credentials"), "provider");
  const now = org.stamp();
  const index = org.users.newIndex();
  const foreign =
    options.provider === true && stringAt(provider, "type") !== undefined && stringAt(provider, "type") !== "OKTA";
  const active = credentials.password ?? (foreign ? true : undefined);
  const realmId = stringAt(body, "realmId");
  const user: User = {
    index,
    id: org.users.id(index),
    status: !activate
      ? "STAGED"
      : active === undefined
        ? "PROVISIONED"
        : options.nextLogin === "changePassword"
          ? "PASSWORD_EXPIRED"
          : "ACTIVE",
    created: now,
    activated: activate ? now : null,
    statusChanged: now,
    lastLogin: null,
    lastUpdated: now,
    passwordChanged: credentials.password ? now : null,
    typeId: type.id,
    ...(realmId ? { realmId } : {}),
    profile: storedProfile(profile),
    ...credentials,
    provider: { type: stringAt(provider, "type") ?? "OKTA", name: stringAt(provider, "name") ?? "OKTA" },
    signInsSeen: org.signIns.blocks,
  };
  org.users.set(index, user, org.now());
  org.happened({ type: "user.lifecycle.create", targets: [userTarget(user)] });
  if (activate) org.happened({ type: "user.lifecycle.activate", targets: [userTarget(user)] });
  for (const group of groups) addMember(org, group.id, user.id);
  org.later(() => {
    touchEveryone(org);
    evaluateRules(org, index);
  });
  return user;
}

/** Everyone's lastMembershipUpdated moves with every new user (recorded traffic); its memberships are not logged. */
function touchEveryone(org: Org): void {
  const everyone = org.groups.get(0);
  if (everyone) org.groups.set(0, { ...everyone, lastMembershipUpdated: org.stamp() }, org.now());
}

function notFound(id: string, kind: string): never {
  throw oktaError("E0000007", { arg: `Resource not found: ${id} (${kind})` });
}

function refuseTaken(org: Org, profile: JsonObject, self: number): void {
  const owner = org.users.findLogin(String(profile["login"] ?? ""));
  if (owner >= 0 && owner !== self) {
    throw oktaError("E0000001", {
      arg: "login",
      causes: ["login: An object with this field already exists in the current organization"],
    });
  }
}

/** Password and recovery question of a request; a hash or hook counts as a password that nobody knows. */
function credentialsIn(body: JsonObject): Pick<User, "password" | "recoveryQuestion" | "recoveryAnswer"> {
  const credentials = objectAt(body, "credentials");
  const password = credentials["password"];
  const question = stringAt(objectAt(credentials, "recovery_question"), "question");
  const answer = stringAt(objectAt(credentials, "recovery_question"), "answer");
  const value = stringAt(password, "value");
  const imported = isObject(password) && (isObject(password["hash"]) || isObject(password["hook"]));
  if (value !== undefined && value.length < 8)
    throw oktaError("E0000001", {
      arg: "password",
      causes: ["password: Password requirements were not met. Password requirements: at least 8 characters."],
    });
  return {
    ...(value !== undefined ? { password: value } : imported ? { password: true as const } : {}),
    ...(question === undefined ? {} : { recoveryQuestion: question }),
    ...(answer === undefined ? {} : { recoveryAnswer: answer }),
  };
}

/** POST (partial: null clears) or PUT (`replace`: what is left out is cleared; may change the type) on /users/{id}. */
export function updateUser(org: Org, user: User, change: { body: JsonObject; replace: boolean }): User {
  const { body, replace } = change;
  if (user.status === "DEPROVISIONED") throw oktaError("E0000038");
  const typeId = stringAt(objectAt(body, "type"), "id");
  const type = typeOf(org, typeId ?? user.typeId);
  if (!replace && type.id !== user.typeId)
    throw oktaError("E0000001", { arg: "type", causes: ["type: A user's type can only be changed by a full replace"] });
  const given = body["profile"] === undefined ? undefined : objectAt(body, "profile");
  const merged = given === undefined ? user.profile : replace ? given : { ...user.profile, ...given };
  const kept =
    type.id === user.typeId || replace
      ? merged
      : Object.fromEntries(Object.entries(merged).filter(([name]) => attributesOf(type).has(name)));
  const profile = storedProfile(kept);
  checkProfile(profile, { attributes: attributesOf(type), subject: "updateUser" });
  refuseTaken(org, profile, user.index);
  const credentials = credentialsIn(body);
  const changed = changedAttributes(user.profile, profile);
  if (changed.length === 0 && type.id === user.typeId && Object.keys(credentials).length === 0) return user;
  const now = org.stamp();
  const activates =
    credentials.password !== undefined && ["PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED"].includes(user.status);
  const updated: User = {
    ...user,
    ...credentials,
    profile,
    typeId: type.id,
    lastUpdated: now,
    ...(credentials.password === undefined ? {} : { passwordChanged: now }),
    ...(activates ? { status: "ACTIVE", statusChanged: now } : {}),
  };
  org.users.set(user.index, updated, org.now());
  const targets = [userTarget(updated)];
  if (changed.length > 0)
    org.happened({ type: "user.account.update_profile", targets, debugData: { changedAttributes: changed.join(",") } });
  if (changed.includes("email")) org.happened({ type: "user.account.update_primary_email", targets });
  if (type.id !== user.typeId) org.happened({ type: "user.account.update_user_type", targets });
  if (credentials.password !== undefined) org.happened({ type: "user.account.update_password", targets });
  const renamed = loginOf(user) !== loginOf(updated);
  org.later(() => {
    evaluateRules(org, user.index);
    if (renamed) reconcileUser(org, user.index, { renamed: true });
  });
  return updated;
}

/** Stores a new status, with its event; `more` are further fields that move with it. */
export function setStatus(
  org: Org,
  user: User,
  change: { status: User["status"]; event: string; more?: Partial<User> },
): User {
  const now = org.stamp();
  const updated: User = { ...user, ...change.more, status: change.status, statusChanged: now, lastUpdated: now };
  org.users.set(user.index, updated, org.now());
  org.happened({ type: change.event, targets: [userTarget(updated)] });
  return updated;
}

/** DEPROVISIONED: assignments to active applications end a moment later, memberships stay (Okta docs). */
export function deactivateUser(org: Org, user: User): User {
  if (user.status === "DEPROVISIONED") throw oktaError("E0000038");
  const { password: _password, ...rest } = user;
  const updated = setStatus(org, rest, { status: "DEPROVISIONED", event: "user.lifecycle.deactivate" });
  org.later(() => reconcileUser(org, user.index, { ended: true }));
  return updated;
}

/** DELETE: the first call deactivates, the second removes for good (recorded traffic: 274 pairs, each answered 204). */
export function deleteUser(org: Org, user: User): void {
  if (user.status !== "DEPROVISIONED") {
    deactivateUser(org, user);
    return;
  }
  org.happened({ type: "user.lifecycle.delete.initiated", targets: [userTarget(user)] });
  org.users.set(user.index, null, org.now());
  org.later(() => org.happened({ type: "user.lifecycle.delete.completed", targets: [userTarget(user)] }));
}

/** One sign-in: lastLogin moves, lastUpdated does not. */
export function signIn(org: Org, user: User): void {
  const now = org.stamp();
  const by = userTarget(user);
  const actor = {
    id: by.id,
    type: "User" as const,
    alternateId: by.alternateId ?? "unknown",
    displayName: by.displayName ?? "unknown",
  };
  if (user.status !== "ACTIVE") {
    org.as(actor, () =>
      org.happened({
        type: "user.session.start",
        targets: [],
        outcome: { result: "FAILURE", reason: "INVALID_CREDENTIALS" },
      }),
    );
    return;
  }
  org.users.set(user.index, { ...user, lastLogin: now }, org.now());
  org.as(actor, () => org.happened({ type: "user.session.start", targets: [] }));
}
