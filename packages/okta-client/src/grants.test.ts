import { afterEach, expect, test } from "vitest";
import { json, oktaError, serve, type Served } from "./testing/server.js";

const open: Served[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

type Answers = Record<string, unknown>;

/** An org that answers these paths and denies the others. */
async function org(answers: Answers): Promise<Served> {
  const served = await serve(({ url }, response) => {
    const body = answers[url.pathname];
    if (body === undefined) oktaError(response, 403, "E0000006");
    else json(response, body);
  });
  open.push(served);
  return served;
}

const me = { "/api/v1/users/me": { id: "00u1" } };
const role = (type: string, id: string, more: object = {}): object => ({
  id,
  type,
  label: type,
  status: "ACTIVE",
  ...more,
});
const base = "/api/v1/users/00u1/roles";

test("a token without roles lists differs from one that may not ask", async () => {
  const none = await (await org({ ...me, [base]: [] })).client.grants();
  const denied = await (await org(me)).client.grants();
  const stranger = await (await org({})).client.grants();
  expect([none.roles, denied.roles, stranger.roles]).toEqual([[], "unknown", "unknown"]);
  expect([none.ownerId, denied.ownerId, stranger.ownerId]).toEqual(["00u1", "00u1", "unknown"]);
  expect(new Set([none, denied, stranger].map(({ fingerprint }) => fingerprint)).size).toBe(3);
});

test("the fingerprint is blind to order and sees a narrowed role", async () => {
  const groups = (...ids: string[]): object[] => ids.map((id) => ({ id }));
  const answers = (roles: object[], targets: object[]): Answers => ({
    ...me,
    [base]: roles,
    [`${base}/ra2/targets/groups`]: targets,
  });
  const [app, admin] = [role("SUPER_ADMIN", "ra1"), role("USER_ADMIN", "ra2")];
  const ask = async (given: Answers): Promise<string> => (await (await org(given)).client.grants()).fingerprint;
  const first = await ask(answers([app, admin], groups("00g1", "00g2")));
  expect(await ask(answers([admin, app], groups("00g2", "00g1")))).toBe(first);
  expect(await ask(answers([admin, app], groups("00g2")))).not.toBe(first);
  expect(await ask(answers([admin, app], []))).not.toBe(first);
  expect(await ask(answers([admin], groups("00g1", "00g2")))).not.toBe(first);
});

test("a custom role is as wide as its resources and permissions", async () => {
  const custom = role("CUSTOM", "ra3", { "resource-set": "iam1", role: "cr1" });
  const { client } = await org({
    ...me,
    [base]: [custom],
    "/api/v1/iam/resource-sets/iam1/resources": { resources: [{ id: "ire1", orn: "orn:okta:directory:00o1:users" }] },
    "/api/v1/iam/roles/cr1/permissions": { permissions: [{ label: "okta.users.read" }] },
  });
  const { roles } = await client.grants();
  expect(roles).toEqual([
    {
      type: "CUSTOM",
      label: "CUSTOM",
      status: "ACTIVE",
      targets: ["orn:okta:directory:00o1:users", "okta.users.read"],
    },
  ]);
});

test("a dead token is an error, not an unknown", async () => {
  const served = await serve((_, response) => oktaError(response, 401, "E0000011"));
  open.push(served);
  await expect(served.client.grants()).rejects.toMatchObject({ code: "OKTA_TOKEN_INVALID" });
});
