import { RESOURCES } from "../resources/all.js";

/** Which OAuth scope family guards what is no declared resource and none's below (OpenAPI spec). */
const FAMILIES: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/^\/api\/v1\/users(?:\/|$)/, "okta.users"],
  [/^\/api\/v1\/groups(?:\/|$)/, "okta.groups"],
  [/^\/api\/v1\/apps(?:\/|$)/, "okta.apps"],
  [/^\/api\/v1\/logs$/, "okta.logs"],
  [/^\/api\/v1\/meta\/types\/user(?:\/|$)/, "okta.userTypes"],
  [/^\/api\/v1\/meta\/schemas(?:\/|$)/, "okta.schemas"],
];

/** Operations without any OAuth access: only an API token reaches them (OpenAPI spec). */
const API_TOKEN_ONLY: readonly RegExp[] = [
  /^\/api\/v1\/users\/[^/]+\/factors\/questions$/,
  /^\/api\/v1\/api-tokens\/current$/,
];

/** Scopes of declared resources, longest path first. */
const DECLARED: readonly (readonly [pattern: RegExp, family: string])[] = RESOURCES.toSorted(
  (a, b) => b.path.length - a.path.length,
).map(({ path, scope }) => [new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}(?:/|$)`), scope]);

const GUARDS = [...DECLARED, ...FAMILIES];

/** Every scope that guards something here. The log cannot be written. */
export const ALL_SCOPES: readonly string[] = [...new Set(GUARDS.map(([, family]) => family))]
  .flatMap((family) => [`${family}.read`, `${family}.manage`])
  .filter((scope) => scope !== "okta.logs.manage");

/** True where an access token is of no use at all. */
export function isApiTokenOnly(path: string): boolean {
  return API_TOKEN_ONLY.some((pattern) => pattern.test(path));
}

/**
 * The scope that a call needs, or undefined for a path that no scope guards: the first pattern that matches decides.
 * Reading needs `<family>.read`, everything else `<family>.manage`, and manage covers read (Okta docs).
 */
export function scopeFor(method: string, path: string): string | undefined {
  const family = GUARDS.find(([pattern]) => pattern.test(path))?.[1];
  if (family === undefined) return undefined;
  return `${family}.${method === "GET" || method === "HEAD" ? "read" : "manage"}`;
}

/** Whether the granted scopes hold the needed one, or its manage form. */
export function covers(granted: readonly string[], needed: string): boolean {
  return granted.includes(needed) || granted.includes(needed.replace(/\.read$/, ".manage"));
}
