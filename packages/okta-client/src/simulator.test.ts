import { createSimulator, type Simulator, type SimulatorOptions } from "@tidemark/okta-simulator";
import { afterEach, expect, test } from "vitest";
import { createOktaClient, type OktaAuth, type OktaClient, type OktaClientOptions } from "./index.js";
import { VirtualClock } from "./testing/virtualClock.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function simulate(options: SimulatorOptions): Promise<Simulator> {
  const simulator = await createSimulator(options);
  open.push(simulator);
  return simulator;
}

function connect(simulator: Simulator, auth: OktaAuth, options: Partial<OktaClientOptions> = {}): OktaClient {
  const client = createOktaClient({ orgUrl: simulator.url, auth, ...options });
  open.push(client);
  return client;
}

async function ids(pages: AsyncIterable<{ items: unknown[] }>): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...page.items.map((item) => (item as { id: string }).id));
  return found;
}

const token = (simulator: Simulator): OktaAuth => ({ kind: "ssws", token: simulator.token });

test.each([
  ["an API token", false, token],
  [
    "an RSA key",
    false,
    (from: Simulator): OktaAuth => ({
      kind: "privateKey",
      clientId: from.clientId,
      privateKey: from.privateKeyPem,
      scopes: from.scopes,
    }),
  ],
  [
    "an EC key and DPoP",
    true,
    (from: Simulator): OktaAuth => ({
      kind: "privateKey",
      clientId: from.clientId,
      privateKey: JSON.stringify(from.ecPrivateKeyJwk),
      scopes: from.scopes,
    }),
  ],
])("lists every user with %s", async (_, dpop, auth) => {
  const simulator = await simulate({ users: 450, dpop });
  const client = connect(simulator, auth(simulator));
  const every =
    'status eq "DEPROVISIONED" or status eq "ACTIVE" or status eq "STAGED" or status eq "PROVISIONED" or status eq "RECOVERY" or status eq "PASSWORD_EXPIRED" or status eq "LOCKED_OUT" or status eq "SUSPENDED"';
  const found = await ids(client.pages("/api/v1/users", { query: { limit: 200, filter: every } }));
  expect([found.length, new Set(found).size, client.stats.requests]).toEqual([450, 450, 3]);
  expect((await client.organization()).id).toMatch(/^00o/);
});

test("grants stay the same until the role is narrowed", async () => {
  const simulator = await simulate({ users: 20 });
  const client = connect(simulator, token(simulator));
  const before = await client.grants();
  expect(before).toMatchObject({ roles: [{ type: "SUPER_ADMIN", status: "ACTIVE", targets: null }], scopes: null });
  expect((await client.grants()).fingerprint).toBe(before.fingerprint);
  simulator.faults.add({ kind: "role", role: "narrowed" });
  expect((await client.grants()).fingerprint).not.toBe(before.fingerprint);
});

test("a revoked token ends in its error", async () => {
  const simulator = await simulate({ users: 5 });
  const client = connect(simulator, token(simulator));
  await client.get("/api/v1/users");
  simulator.revokeToken(simulator.tokenId);
  await expect(client.get("/api/v1/users")).rejects.toMatchObject({ code: "OKTA_TOKEN_INVALID", retryable: false });
});

/** Under Okta's limits, with one clock for both sides: no 429, and at most a tenth more time than the limits allow. */
test.each([
  ["org", 50],
  ["share", 25],
] as const)(
  "paces itself by headers that show the %s's limit: %i a minute of /api/v1/apps",
  async (shows, perMinute) => {
    const clock = new VirtualClock();
    const simulator = await simulate({
      users: 100,
      groups: 30,
      apps: 120,
      rateLimits: "okta",
      shows,
      latencyMs: 250,
      clock,
    });
    const client = connect(simulator, token(simulator), { clock });
    const load = async (): Promise<void> => {
      const apps = await ids(client.pages("/api/v1/apps", { query: { limit: 200 } }));
      const groups = await ids(client.pages("/api/v1/groups", { query: { limit: 200 } }));
      await Promise.all([
        ...apps.map((id) => ids(client.pages(`/api/v1/apps/${id}/users`, { query: { limit: 500 } }))),
        ...groups.map((id) => ids(client.pages(`/api/v1/groups/${id}/users`, { query: { limit: 200 } }))),
      ]);
    };
    const start = clock.now();
    // Every request under way is asleep in the simulator, or else on the wire.
    const underWay = (): number => client.buckets().reduce((sum, { inFlight }) => sum + inFlight, 0);
    await clock.run(load(), () => clock.sleeping(250) < underWay());
    const asked = client.stats.byBucket["/api/v1/apps"] ?? 0;
    expect(asked).toBeGreaterThanOrEqual(121);
    const ideal = Math.floor((asked - 1) / perMinute) * 60_000;
    expect(clock.now() - start).toBeLessThanOrEqual(ideal * 1.1);
    expect(client.stats.retries).toBe(0);
    expect(client.stats.throttledMs).toBeGreaterThan(ideal * 0.9);
  },
);
