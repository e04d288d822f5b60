import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import { reconcileUser } from "./app-changes.js";
import type { Org } from "./org.js";
import { userTarget } from "./targets.js";
import { deactivateUser, setStatus } from "./user-changes.js";
import type { User } from "./users.js";

/** What a lifecycle call answers; undefined = the user itself. */
export type LifecycleAnswer = JsonObject | undefined;
type Operation = (org: Org, user: User, options: { sendEmail: boolean; base: string }) => LifecycleAnswer;

function token(org: Org): string {
  return `sim${org.fresh().toString(36)}${org.fresh().toString(36)}`;
}

function only(user: User, statuses: readonly User["status"][], code = "E0000038"): void {
  if (!statuses.includes(user.status)) throw oktaError(code);
}

const activate: Operation = (org, user, options) => {
  only(user, ["STAGED", "DEPROVISIONED"], "E0000016");
  const active = user.status === "STAGED" && user.password !== undefined;
  setStatus(org, user, {
    status: active ? "ACTIVE" : "PROVISIONED",
    event: "user.lifecycle.activate",
    more: { activated: org.stamp() },
  });
  org.later(() => reconcileUser(org, user.index, {}));
  if (options.sendEmail) return {};
  const activationToken = token(org);
  return { activationUrl: `${options.base}/welcome/${activationToken}`, activationToken };
};

const reactivate: Operation = (org, user, options) => {
  only(user, ["PROVISIONED", "RECOVERY"]);
  org.happened({ type: "user.lifecycle.reactivate", targets: [userTarget(user)] });
  if (options.sendEmail) return {};
  const activationToken = token(org);
  return { activationUrl: `${options.base}/welcome/${activationToken}`, activationToken };
};

const suspend: Operation = (org, user) => {
  if (user.status !== "ACTIVE")
    throw oktaError("E0000001", { arg: "suspendUser", causes: ["Cannot suspend a user that is not active"] });
  setStatus(org, user, { status: "SUSPENDED", event: "user.lifecycle.suspend" });
  return {};
};

const unsuspend: Operation = (org, user) => {
  if (user.status !== "SUSPENDED")
    throw oktaError("E0000001", { arg: "unsuspendUser", causes: ["Cannot unsuspend a user that is not suspended"] });
  setStatus(org, user, { status: "ACTIVE", event: "user.lifecycle.unsuspend" });
  return {};
};

const unlock: Operation = (org, user) => {
  only(user, ["LOCKED_OUT"], "E0000032");
  setStatus(org, user, { status: "ACTIVE", event: "user.account.unlock_by_admin" });
  return {};
};

const expirePassword: Operation = (org, user) => {
  only(user, ["ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY", "PROVISIONED", "STAGED"]);
  setStatus(org, user, { status: "PASSWORD_EXPIRED", event: "user.account.expire_password" });
  return undefined;
};

const resetPassword: Operation = (org, user, options) => {
  only(user, ["ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY", "PROVISIONED"]);
  setStatus(org, user, { status: "RECOVERY", event: "user.account.reset_password" });
  return options.sendEmail ? {} : { resetPasswordUrl: `${options.base}/reset_password/${token(org)}` };
};

/** The lifecycle calls by path; each refuses the statuses from which Okta does not allow it (Okta docs). */
export const LIFECYCLE: Readonly<Record<string, Operation>> = {
  activate,
  reactivate,
  suspend,
  unsuspend,
  unlock,
  deactivate: (org, user) => {
    deactivateUser(org, user);
    return {};
  },
  expire_password: expirePassword,
  expire_password_with_temp_password: (org, user) => {
    const tempPassword = token(org);
    only(user, ["ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY", "PROVISIONED", "STAGED"]);
    setStatus(org, user, {
      status: "PASSWORD_EXPIRED",
      event: "user.account.expire_password",
      more: { password: tempPassword, passwordChanged: org.stamp() },
    });
    return { tempPassword };
  },
  reset_password: resetPassword,
  reset_factors: (org, user) => {
    org.factorsReset(user.id);
    org.happened({ type: "user.mfa.factor.reset_all", targets: [userTarget(user)] });
    return {};
  },
};

/** Locks an active user out, as too many wrong passwords do. */
export function lockUser(org: Org, user: User): void {
  only(user, ["ACTIVE"]);
  setStatus(org, user, { status: "LOCKED_OUT", event: "user.account.lock" });
}
