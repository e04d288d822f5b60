const ANY = "[^/]+";

/**
 * Which rate bucket counts a request: first match wins. After Okta's table of default limits (docs of 2025-05, since
 * withdrawn) and the buckets that Okta's Terraform provider uses for paths that the table leaves open. The limits
 * themselves are learned from the headers.
 */
const RULES: readonly (readonly [methods: string, path: RegExp, bucket: string])[] = [
  ["*", exact(`/api/v1/apps/${ANY}`), "/api/v1/apps/{id}"],
  ["*", below("/api/v1/apps"), "/api/v1/apps"],
  ["*", exact("/api/v1/groups/rules"), "/api/v1/groups"],
  ["*", exact(`/api/v1/groups/${ANY}`), "/api/v1/groups/{id}"],
  ["*", below("/api/v1/groups"), "/api/v1/groups"],
  ["GET HEAD", exact(`/api/v1/users/${ANY}`), "GET /api/v1/users/{id}"],
  ["*", exact(`/api/v1/users/${ANY}`), "POST PUT DELETE /api/v1/users/{id}"],
  ["*", below("/api/v1/users"), "/api/v1/users"],
  ["*", below("/api/v1/logs"), "/api/v1/logs"],
  ["*", below("/api/v1/events"), "/api/v1/events"],
  ["*", below("/oauth2/v1/clients"), "/oauth2/v1/clients"],
  ["*", below("/api/v1/certificateAuthorities"), "/api/v1/certificateAuthorities"],
  ["*", below("/api/v1/devices"), "/api/v1/devices"],
  ["*", below("/api/v1/org/email/bounces/remove-list"), "/api/v1/org/email/bounces/remove-list"],
  ["*", below("/api/v1/iam"), "/api/v1/iam"],
  ["*", below("/api/v1/device-assurances"), "/api/v1/device-assurances"],
  ["*", below("/api/v1/domains"), "/api/v1/domains"],
  ["*", below("/api/v1/agentPools"), "/api/v1/agentPools"],
  ["*", below("/api/v1/hook-keys"), "/api/v1/hook-keys"],
  ["*", below("/api/v1/push-providers"), "/api/v1/push-providers"],
  ["*", below("/api/v1/risk/providers"), "/api/v1/risk/providers"],
  ["*", below("/api/v1/principal-rate-limits"), "/api/v1/principal-rate-limits"],
  ["*", below("/api/v1/sessions"), "/api/v1/sessions"],
  ["*", below("/api/v1/authn"), "/api/v1/authn"],
  ["*", below("/api/v1"), "/api/v1"],
  ["*", below("/oauth2/v1/keys"), "unlimited"],
  ["*", below("/\\.well-known"), "unlimited"],
  ["*", exact(`/oauth2(?:/${ANY})?/\\.well-known/${ANY}`), "unlimited"],
  ["*", exact(`/oauth2(?:/${ANY})?/v1/token`), "/oauth2/v1/token"],
  ["*", below("/oauth2/v1"), "/oauth2/v1"],
  ["*", below("/oauth2"), "/oauth2"],
];

/** The bucket of paths that no rule names. */
const OTHERS = "others";

/** Key of the rate bucket that counts this request. `path` is without query. */
export function bucketOf(method: string, path: string): string {
  const upper = method.toUpperCase();
  for (const [methods, pattern, bucket] of RULES) {
    if ((methods === "*" || methods.split(" ").includes(upper)) && pattern.test(path)) return bucket;
  }
  return OTHERS;
}

/** Okta does not limit its metadata endpoints (docs). */
export function isUnlimited(bucket: string): boolean {
  return bucket === "unlimited";
}

function exact(path: string): RegExp {
  return new RegExp(`^${path}/?$`);
}

function below(path: string): RegExp {
  return new RegExp(`^${path}(?:/|$)`);
}
