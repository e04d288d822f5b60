import { createSimulator } from "@tidemark/okta-simulator";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { runCli } from "../support/cli.js";
import { type BadWorld, createBadWorld, startSite } from "./bad-world.js";

const RUN = ["replicate", "nightly"] as const;
let world: BadWorld;
const expectRefusal: BadWorld["expectRefusal"] = (...refusal) => world.expectRefusal(...refusal);

beforeAll(async () => {
  world = await createBadWorld();
  const first = await world.tidemark(RUN);
  if (first.code !== 0) throw new Error(`the first run failed: ${first.stderr}`);
});
afterEach(() => world.sim.faults.clear());
afterAll(() => world.close());

describe("Okta", () => {
  test("a wrong token", async () => {
    await expectRefusal(
      RUN,
      { token: "00wrongTokenWithALongTail" },
      { exit: 1, code: "OKTA_TOKEN_INVALID", says: [/answered 401/, "API token"] },
    );
  });

  test("a site that is no org and has no such page", async () => {
    const site = await startSite((response) =>
      response.writeHead(404, { "content-type": "text/html" }).end("<html>Not found</html>"),
    );
    await expectRefusal(RUN, { orgUrl: site.url }, { exit: 1, code: "OKTA_NOT_AN_ORG", says: [site.url, "orgUrl"] });
    await site.close();
  });

  test("a site that is no org and answers everything with a page", async () => {
    const site = await startSite((response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Welcome</html>"),
    );
    await expectRefusal(RUN, { orgUrl: site.url }, { exit: 1, code: "OKTA_NOT_AN_ORG", says: [site.url, "orgUrl"] });
    await site.close();
  });

  test("an address where nobody listens", async () => {
    const site = await startSite((response) => response.end());
    await site.close();
    await expectRefusal(
      RUN,
      { orgUrl: site.url },
      { exit: 1, code: "OKTA_UNREACHABLE", says: [site.url, /network|firewall/] },
    );
  });

  test("a host that does not exist", async () => {
    await expectRefusal(
      RUN,
      { orgUrl: "https://tidemark-test.invalid" },
      { exit: 1, code: "OKTA_UNREACHABLE", says: ["tidemark-test.invalid", "DNS"] },
    );
  });

  test("http on the open network", async () => {
    await expectRefusal(
      RUN,
      { orgUrl: "http://acme.okta.com" },
      {
        exit: 2,
        code: "CONFIG_INVALID",
        says: ["tidemark.yaml:4:13 connections.acme.orgUrl", "loopback", "https://"],
        remedy: false,
      },
    );
  });

  test("another org for a schema that is filled", async () => {
    const other = await createSimulator({ users: 5, seed: 99, token: world.sim.token });
    await expectRefusal(
      RUN,
      { orgUrl: other.url },
      { exit: 1, code: "OKTA_OTHER_ORG", says: [world.place.schema, world.sim.url, other.url, "another schema"] },
    );
    await other.close();
  });

  test("a token without rights for an object: the rest is done, and nothing under it leaves", async () => {
    world.sim.faults.add({ kind: "status", status: 403, match: { path: "^/api/v1/apps(/.*)?$" } });
    await expectRefusal(
      [...RUN, "--reconcile"],
      {},
      {
        exit: 3,
        code: "OKTA_DENIED",
        says: [
          /applications: .*\/api\/v1\/apps answered 403/,
          /^nightly: partial/m,
          /^users +reconcile +succeeded/m,
          "admin role",
        ],
      },
    );
  });

  test("the same under a preset, in an org that never had it, is no failure", async () => {
    world.sim.faults.add({ kind: "status", status: 403, match: { path: "^/api/v1/apps(/.*)?$" } });
    const schema = `${world.place.schema}_preset`;
    await world.admin(`create schema "${schema}" authorization "${world.user.name}"`);
    const result = await world.tidemark(RUN, { schema, objects: "core" });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/^applications +full +denied/m) });
    await world.admin(`drop schema "${schema}" cascade`);
  });

  for (const [as, what] of [
    ["html", "a page of HTML"],
    ["cut", "a page that is cut off"],
    ["object", "an object instead of a list"],
  ] as const) {
    test(`${what}: named, and nothing of it is stored`, async () => {
      world.sim.faults.add({ kind: "malformed", as, match: { path: "^/api/v1/users$" } });
      const says = [/users: .*\/api\/v1\/users/, /^nightly: partial/m];
      await expectRefusal([...RUN, "--full"], {}, { exit: 3, code: "OKTA_MALFORMED", says });
      world.sim.faults.clear();
      expect((await world.tidemark([...RUN, "--full"])).code).toBe(0);
    });
  }

  test("an item without its id: named, left out, and its row is not taken for gone", async () => {
    for (const path of ["^/api/v1/users$", "^/api/v1/groups/[^/]+/users$"]) {
      world.sim.faults.add({ kind: "malformed", as: "itemWithoutId", match: { path } });
      const says = [
        /items? of \/api\/v1\/.*users cannot be stored .*no value for the key column/,
        "none was deleted",
        /^nightly: partial/m,
      ];
      await expectRefusal([...RUN, "--reconcile"], {}, { exit: 3, code: "OKTA_MALFORMED", says });
      world.sim.faults.clear();
    }
    const healed = await world.tidemark([...RUN, "--reconcile"]);
    expect(healed, healed.stdout).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^users +reconcile +succeeded +60 +0 +0 +0 /m),
    });
  });

  test("a token that is revoked in the middle of a run", async () => {
    const sim = await createSimulator({ users: 400, groups: 10, apps: 4, latencyMs: 30 });
    const schema = `${world.place.schema}_revoked`;
    await world.admin(`create schema "${schema}" authorization "${world.user.name}"`);
    const wrong = { orgUrl: sim.url, token: sim.token, schema };
    expect((await world.tidemark(RUN, wrong)).code).toBe(0);
    const count = async (): Promise<unknown[]> =>
      world.admin(
        `select (select count(*) from "${schema}".users) as users, (select count(*) from "${schema}".group_members) as members, (select count(*) from "${schema}".application_users) as assigned`,
      );
    const before = await count();
    const from = sim.requests.count();
    const running = world.tidemark([...RUN, "--reconcile"], wrong);
    while (sim.requests.count() < from + 12) await new Promise((resolve) => setTimeout(resolve, 2));
    sim.revokeToken(sim.tokenId);
    const result = await running;
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining("code: OKTA_TOKEN_INVALID") });
    expect(result.stderr).toMatch(/remedy: Make a new API token/);
    expect(await count()).toEqual(before);
    await world.admin(`drop schema "${schema}" cascade`);
    await sim.close();
  });
});

// What every kind of warehouse can have wrong stands in bad-warehouse.test.ts.
describe("PostgreSQL alone", () => {
  test("a database that does not exist", async () => {
    await expectRefusal(
      RUN,
      { url: world.urlWith({ pathname: "/nowhere_at_all" }) },
      { exit: 1, code: "WAREHOUSE_NO_DATABASE", says: ["nowhere_at_all", "createdb"] },
    );
  });

  test("a user whose transactions are read-only", async () => {
    await world.admin(`alter role "${world.user.name}" set default_transaction_read_only = on`);
    await expectRefusal(RUN, {}, { exit: 1, code: "WAREHOUSE_READ_ONLY", says: ["default_transaction_read_only"] });
    await world.admin(`alter role "${world.user.name}" reset default_transaction_read_only`);
  });
});

describe("the file and the command line", () => {
  const invalid = (says: Expected["says"]): Expected => ({ exit: 2, code: "CONFIG_INVALID", says, remedy: false });
  type Expected = Parameters<BadWorld["expectRefusal"]>[2];

  test("an unknown key", async () => {
    await expectRefusal(
      RUN,
      { edit: (yaml) => yaml.replace("schema:", "shema:") },
      invalid(["tidemark.yaml:9:5 connections.warehouse.shema", 'Unknown key "shema"', /schema/]),
    );
  });

  test("an unknown object", async () => {
    await expectRefusal(
      RUN,
      { objects: "[users, gruops]" },
      invalid(["tidemark.yaml:14:22 pipelines.nightly.objects[1]", "gruops", "groups"]),
    );
  });

  test("two pipelines of one name", async () => {
    await expectRefusal(
      RUN,
      { edit: (yaml) => `${yaml}  nightly:\n    source: acme\n    destination: warehouse\n` },
      invalid([/tidemark\.yaml:15:3.*nightly/, /twice|again|already/]),
    );
  });

  test("a forbidden connection name, with one that is allowed", async () => {
    await expectRefusal(
      RUN,
      { edit: (yaml) => yaml.replaceAll("acme", "acme_prod") },
      invalid(["tidemark.yaml:2:3", "acme_prod", '"acme-prod"']),
    );
  });

  test("a file that is no YAML, and one that is not there", async () => {
    await expectRefusal(
      RUN,
      { edit: (yaml) => yaml.replace("source: acme", "source: [acme") },
      { exit: 2, code: "CONFIG_SYNTAX", says: [/tidemark\.yaml:\d+:\d+/], remedy: false },
    );
    await expectRefusal(
      [...RUN, "--config", "other.yaml"],
      {},
      { exit: 2, code: "CONFIG_NOT_FOUND", says: ["other.yaml", "tidemark init"] },
    );
  });

  test("a variable that is not set", async () => {
    await expectRefusal(
      RUN,
      { token: "${env:NOBODY_SETS_THIS}" },
      { exit: 2, code: "CONFIG_SECRET", says: ["NOBODY_SETS_THIS", "connections.acme.token"], remedy: false },
    );
  });

  test("a pipeline and an object that nobody declared", async () => {
    await expectRefusal(["replicate", "nigthly"], {}, { exit: 2, code: "USAGE", says: ["nigthly", "nightly"] });
    await expectRefusal(
      [...RUN, "--objects", "groups,log_events"],
      {},
      { exit: 2, code: "USAGE", says: ["log_events", "users, groups"] },
    );
    await expectRefusal(
      [...RUN, "--objects", "gruops"],
      {},
      { exit: 2, code: "USAGE", says: ['"gruops"', 'Did you mean "groups"?', "tidemark objects"] },
    );
    await expectRefusal(["check", "acmee"], {}, { exit: 2, code: "USAGE", says: ["acmee", "acme"] });
    await expectRefusal(["status", "nigthly"], {}, { exit: 2, code: "USAGE", says: ["nigthly", "nightly"] });
  });

  test("flags that exclude each other", async () => {
    await expectRefusal(
      [...RUN, "--full", "--reconcile"],
      {},
      { exit: 2, code: "USAGE", says: ["--full and --reconcile"] },
    );
    await expectRefusal([...RUN, "--ids", "00u1"], {}, { exit: 2, code: "USAGE", says: ["--ids", "--objects"] });
    expect(await runCli(["replicate"])).toMatchObject({ code: 2 });
  });
});
