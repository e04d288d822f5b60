import { oktaError } from "../errors.js";
import { isObject, type JsonObject, stringAt } from "../json.js";
import type { Org } from "../org/org.js";
import { userTarget } from "../org/targets.js";
import { signIn } from "../org/user-changes.js";

/** `POST /api/v1/authn`: primary authentication with a password; needs no token. A success is a sign-in. */
export function authenticate(org: Org, bodyText: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(bodyText);
  } catch {
    throw oktaError("E0000003");
  }
  const name = isObject(body) ? (stringAt(body, "username") ?? "") : "";
  const user = org.users.get(org.users.find(name));
  const right = user !== undefined && typeof user.password === "string" && user.password === stringAt(body, "password");
  if (!user || !right || user.status === "DEPROVISIONED" || user.status === "SUSPENDED") throw oktaError("E0000004");
  if (user.status === "LOCKED_OUT") return { status: "LOCKED_OUT" };
  if (user.status === "ACTIVE") signIn(org, user);
  const expired = user.status !== "ACTIVE";
  const sessionToken = `2011${org.fresh().toString(36)}`;
  if (!expired) org.sessionTokens.set(sessionToken, { userId: user.id, expires: org.now() + 300_000 });
  return {
    expiresAt: new Date(org.now() + 300_000).toISOString(),
    status: expired ? "PASSWORD_EXPIRED" : "SUCCESS",
    ...(expired ? { stateToken: `00${org.fresh().toString(36)}` } : { sessionToken }),
    _embedded: { user: { id: user.id, profile: { login: userTarget(user).alternateId ?? "" } } },
  };
}
