import { expect, test } from "vitest";
import { bucketOf } from "./buckets.js";
import { normalizeOrgUrl, resolveUrl } from "./orgUrl.js";

test.each([
  ["https://acme.okta.com/", "https://acme.okta.com"],
  ["acme.okta.com", "https://acme.okta.com"],
  ["https://acme-admin.okta.com", "https://acme.okta.com"],
  ["https://acme-admin.oktapreview.com", "https://acme.oktapreview.com"],
  ["https://login.my-admin.com", "https://login.my-admin.com"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
  ["http://localhost:1", "http://localhost:1"],
  ["http://[::1]:1", "http://[::1]:1"],
])("%s is the org %s", (given, org) => {
  expect(normalizeOrgUrl(given)).toBe(org);
});

test.each([
  "http://acme.okta.com",
  "http://127.0.0.1.evil.com",
  "ftp://acme.okta.com",
  "https://acme.okta.com/api/v1",
  "https://user:pass@acme.okta.com",
  "https://{yourOktaDomain}",
  "",
  "https://",
])("%s is refused", (given) => {
  expect(() => normalizeOrgUrl(given)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", where: "orgUrl" }));
});

test("a link to another host goes to the configured org, or nowhere", () => {
  const org = "https://acme.okta.com";
  expect(resolveUrl(org, "https://acme-admin.okta.com/api/v1/iam/roles?after=x")?.href).toBe(
    `${org}/api/v1/iam/roles?after=x`,
  );
  expect(resolveUrl(org, "//evil.com/api/v1/users")).toBeNull();
  expect(resolveUrl(org, "https://evil.com/login")).toBeNull();
  expect(resolveUrl(org, "javascript:alert(1)")).toBeNull();
  expect(resolveUrl(org, `/api/v1/users?search=${encodeURIComponent('a eq "b,c"')}`)?.search).toBe(
    "?search=a%20eq%20%22b%2Cc%22",
  );
});

test.each([
  ["GET", "/api/v1/users", "/api/v1/users"],
  ["GET", "/api/v1/users/00u1", "GET /api/v1/users/{id}"],
  ["DELETE", "/api/v1/users/00u1", "POST PUT DELETE /api/v1/users/{id}"],
  ["GET", "/api/v1/users/00u1/factors", "/api/v1/users"],
  ["GET", "/api/v1/groups/00g1", "/api/v1/groups/{id}"],
  ["GET", "/api/v1/groups/rules", "/api/v1/groups"],
  ["GET", "/api/v1/groups/00g1/users", "/api/v1/groups"],
  ["GET", "/api/v1/apps/0oa1", "/api/v1/apps/{id}"],
  ["GET", "/api/v1/apps/0oa1/users", "/api/v1/apps"],
  ["GET", "/api/v1/apps/0oa1/credentials/keys/1", "/api/v1/apps"],
  ["GET", "/api/v1/policies", "/api/v1"],
  ["GET", "/api/v1/logs", "/api/v1/logs"],
  ["GET", "/oauth2/v1/clients/0oa1/roles", "/oauth2/v1/clients"],
  ["GET", "/.well-known/okta-organization", "unlimited"],
  ["GET", "/governance/api/v1/campaigns", "others"],
])("%s %s counts in %s", (method, path, bucket) => {
  expect(bucketOf(method, path)).toBe(bucket);
});
