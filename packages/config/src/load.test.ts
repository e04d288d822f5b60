import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TidemarkError } from "@tidemark/kernel";
import { describe, expect, test } from "vitest";

import { type Config, ConfigError, loadConfig, parseConfig } from "./index.js";

const CONNECTIONS = `connections:
  acme:
    type: okta
    orgUrl: https://acme.okta.com
    token: \${env:OKTA_CLIENT_TOKEN}
  warehouse:
    type: postgres
    url: \${env:DATABASE_URL}
`;

async function parse(text: string, env: Record<string, string> = {}): Promise<Config> {
  return parseConfig(text, { file: "tidemark.yaml", folder: "/nowhere", env });
}

/** The faults as `where: message` lines. */
async function faultsOf(text: string): Promise<string[]> {
  const error = await parse(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error.problems.map(({ where, message }) => `${where}: ${message}`);
}

function pipeline(...lines: string[]): string {
  return `${CONNECTIONS}pipelines:\n  nightly:\n    source: acme\n    destination: warehouse\n${lines.map((line) => `    ${line}\n`).join("")}`;
}

describe("a right file", () => {
  test("a pipeline has the documented defaults", async () => {
    const config = await parse(pipeline());
    expect(config.pipelines.get("nightly")).toMatchObject({
      name: "nightly",
      source: "acme",
      destination: "warehouse",
      deletes: "hard",
      history: [],
      reconcileEveryMs: 86_400_000,
      schedule: null,
      where: "tidemark.yaml:10:3",
    });
    const objects = config.pipelines.get("nightly")?.objects ?? [];
    expect(objects.map(({ object }) => object)).toEqual(expect.arrayContaining(["users", "groups", "group_members"]));
    expect(objects.every(({ named }) => !named)).toBe(true);
  });

  test("objects may be a preset, a list or a map with options; what is named counts as named", async () => {
    const list = await parse(pipeline("objects: [core, users]"));
    expect(list.pipelines.get("nightly")?.objects.filter(({ named }) => named)).toMatchObject([{ object: "users" }]);
    const map = await parse(
      pipeline(
        "objects:",
        "  users: { filter: { status: [ACTIVE, SUSPENDED] }, columns: { exclude: [profile.secondEmail], rename: { profile.login: login } } }",
        "  core: {}",
      ),
    );
    const users = map.pipelines.get("nightly")?.objects.find(({ object }) => object === "users");
    expect(users).toEqual({
      object: "users",
      named: true,
      filter: { status: ["ACTIVE", "SUSPENDED"] },
      columns: { exclude: ["profile.secondEmail"], rename: { "profile.login": "login" } },
      sinceMs: null,
      retainMs: null,
    });
    expect(map.pipelines.get("nightly")?.objects.map(({ object }) => object)).toContain("groups");
  });

  test("times of the log, reconcile and schedule are read", async () => {
    const config = await parse(
      pipeline(
        "objects: { log_events: { since: 30d, retain: 400d } }",
        "reconcile: { every: 1h30m }",
        'schedule: { cron: "0 2 * * *", timezone: Europe/Berlin, active: false }',
      ),
    );
    expect(config.pipelines.get("nightly")).toMatchObject({
      objects: [{ sinceMs: 30 * 86_400_000, retainMs: 400 * 86_400_000 }],
      reconcileEveryMs: 5_400_000,
      schedule: { kind: "cron", cron: "0 2 * * *", timezone: "Europe/Berlin", active: false },
    });
    const every = await parse(pipeline('schedule: { every: 15m, startAt: "02:00" }'));
    expect(every.pipelines.get("nightly")?.schedule).toEqual({
      kind: "every",
      everyMs: 900_000,
      startAt: "02:00",
      timezone: "UTC",
      active: true,
    });
  });

  test("a reference in a pipeline becomes what the option asks for", async () => {
    const text = pipeline(
      "deletes: ${env:POLICY}",
      "history: ${env:HISTORY}",
      "schedule: { every: 15m, active: '${env:ACTIVE}' }",
    );
    const config = await parse(text, { POLICY: "soft", HISTORY: "users, groups", ACTIVE: "false" });
    expect(config.pipelines.get("nightly")).toMatchObject({
      deletes: "soft",
      history: ["users", "groups"],
      schedule: { active: false },
    });
  });

  test("anchors and merge keys work", async () => {
    const config = await parse(
      `${CONNECTIONS}pipelines:\n  one: &base\n    source: acme\n    destination: warehouse\n    deletes: soft\n  two:\n    <<: *base\n    objects: users\n`,
    );
    expect(config.pipelines.get("two")).toMatchObject({ deletes: "soft", objects: [{ object: "users" }] });
  });
});

describe("a wrong file names line, column, key, what is wrong and what is allowed", () => {
  test("an unknown key", async () => {
    expect(await faultsOf(CONNECTIONS.replace("token:", "tokn:"))).toEqual([
      'tidemark.yaml:5:5 connections.acme.tokn: Unknown key "tokn". Did you mean "token"? Allowed here: type, orgUrl, subdomain, token, clientId, privateKey, keyId, scopes, proxy, caFile or rateLimit.',
    ]);
    expect(await faultsOf(`${CONNECTIONS}pipeline: {}\n`)).toEqual([
      'tidemark.yaml:9:1 pipeline: Unknown key "pipeline". Did you mean "pipelines"? Allowed here: connections or pipelines.',
    ]);
    expect((await faultsOf(pipeline("reconcile: { evry: 24h }")))[0]).toContain(
      'tidemark.yaml:13:18 pipelines.nightly.reconcile.evry: Unknown key "evry". Did you mean "every"?',
    );
  });

  test("an unknown object or preset, also by another product's name", async () => {
    expect((await faultsOf(pipeline("objects: [core, usres]")))[0]).toMatch(
      /^tidemark\.yaml:13:21 pipelines\.nightly\.objects\[1\]: Unknown object or preset "usres"\. Did you mean "users"\?/,
    );
    expect((await faultsOf(pipeline("objects: { GroupsUsers: {} }")))[0]).toContain('Did you mean "group_members"?');
  });

  test("two pipelines or connections of one name, with both lines", async () => {
    const twice = `${pipeline()}  nightly:\n    source: acme\n    destination: warehouse\n`;
    expect(await faultsOf(twice)).toEqual([
      'tidemark.yaml:13:3 pipelines.nightly: The pipeline "nightly" is there twice: in line 10 and in line 13. Names must be unique; rename or remove one.',
    ]);
    expect((await faultsOf(`${CONNECTIONS}  acme: { type: csv, dir: x }\n`))[0]).toContain("in line 2 and in line 9");
  });

  test("a forbidden connection name, with one to use instead", async () => {
    expect((await faultsOf(CONNECTIONS.replace("acme:", "acme_prod:")))[0]).toMatch(/Use "acme-prod" instead\.$/);
    expect((await faultsOf(CONNECTIONS.replace("acme:", '"a<b>|c":')))[0]).toMatch(/Use "a-b-c" instead\.$/);
    expect((await faultsOf(CONNECTIONS.replace("acme:", "2acme:")))[0]).toMatch(
      /starts with a digit.*Use "c-2acme" instead\.$/,
    );
  });

  test("a pipeline whose ends are missing or of the wrong kind", async () => {
    const text = `${CONNECTIONS}pipelines:\n  a: { source: acm, destination: acme }\n  b: { destination: warehouse }\n`;
    expect(await faultsOf(text)).toEqual([
      'tidemark.yaml:10:16 pipelines.a.source: source names the connection "acm", which is not under connections. Did you mean "acme"? There is: acme.',
      'tidemark.yaml:10:34 pipelines.a.destination: destination must be a database or csv connection; "acme" is of type okta. There is: warehouse.',
      "tidemark.yaml:11:3 pipelines.b: source is missing: Name of an Okta connection.",
    ]);
  });

  test("values outside what is allowed", async () => {
    const faults = await faultsOf(
      pipeline(
        "deletes: hrad",
        "history: [users, nothing]",
        "reconcile: { every: 24 }",
        'schedule: { cron: "0 2 * *", timezone: Mars/Base }',
      ),
    );
    expect(faults.join("\n")).toContain('deletes must be hard, soft or ignore, not "hrad". Did you mean "hard"?');
    expect(faults.join("\n")).toContain("every must be a duration such as 90s, 15m, 24h, 30d or 1h30m.");
    const share = CONNECTIONS.replace("    token:", "    rateLimit: { share: 1.5 }\n    token:");
    expect(await faultsOf(share)).toEqual([
      "tidemark.yaml:5:25 connections.acme.rateLimit.share: share must be at most 1 (and above 0).",
    ]);
    expect((await faultsOf(pipeline('schedule: { cron: "0 2 * *" }')))[0]).toContain("five fields");
    expect((await faultsOf(pipeline('schedule: { cron: "0 25 * * *" }')))[0]).toContain("cron is not understood");
    expect((await faultsOf(pipeline("schedule: { every: 5m, timezone: Mars/Base }")))[0]).toContain("IANA");
    expect((await faultsOf(pipeline("schedule: { every: 5m, cron: '* * * * *' }")))[0]).toContain("not both");
    expect((await faultsOf(pipeline("objects: users", "history: [groups]")))[0]).toContain("does not replicate");
  });

  test("every key of a database connection, with a value that is not allowed", async () => {
    const database = (...lines: string[]) =>
      faultsOf(
        `connections:\n  db:\n    type: postgres\n    url: postgres://h/x\n${lines.map((line) => `    ${line}\n`).join("")}`,
      );
    const at = (column: number, key: string): string => `tidemark.yaml:5:${column} connections.db.${key}: ${key}`;
    for (const [line, fault] of [
      ["tls: on", `${at(10, "tls")} must be verify, no-verify or off, not "on".`],
      ["tls: [verify]", `${at(10, "tls")} must be verify, no-verify or off.`],
      ["caFile: 7", `${at(13, "caFile")} must be text.`],
      ["poolSize: many", `${at(15, "poolSize")} must be a whole number of at least 2.`],
      ["poolSize: 2.5", `${at(15, "poolSize")} must be a whole number of at least 2.`],
      [
        "poolSize: 1",
        `${at(15, "poolSize")} must be at least 2: a dry run holds one connection to its end, and leases are renewed through another.`,
      ],
      [
        "statementTimeout: 300",
        `${at(23, "statementTimeout")} must be a duration such as 90s, 15m, 24h, 30d or 1h30m.`,
      ],
      ["statementTimeout: 30d", `${at(23, "statementTimeout")} must be at most 24d.`],
      ["connectTimeout: soon", `${at(21, "connectTimeout")} must be a duration such as 90s, 15m, 24h, 30d or 1h30m.`],
      ["connectTimeout: 0s", `${at(21, "connectTimeout")} must be longer than nothing.`],
      ["createDatabase: 1", `${at(21, "createDatabase")} must be true or false.`],
      ["grantSelect: bi", `${at(18, "grantSelect")} must be a list of roles, e.g. [a, b].`],
    ] as const)
      expect(await database(line)).toEqual([fault]);
    for (const key of ["instance", "domain", "accessToken"]) {
      const [fault, ...others] = await database(`${key}: x`);
      expect(others).toEqual([]);
      expect(fault).toMatch(
        `${at(5, key)} is a key of sqlserver connections, not of postgres ones. Allowed here: type, url,`,
      );
    }
    expect(await faultsOf("connections:\n  db: { type: mysql, url: 'mysql://h', createDatabase: true }\n")).toEqual([
      expect.stringMatching(/createDatabase is a key of postgres or sqlserver connections, not of mysql ones/),
    ]);
    expect(
      await faultsOf("connections:\n  db: { type: sqlserver, url: 'sqlserver://h/db', instance: 'host\\x' }\n"),
    ).toEqual([expect.stringMatching(/instance must be the instance's name alone, e\.g\. SQLEXPRESS\.$/)]);
    expect(await faultsOf("connections:\n  db: { type: sqlserver, url: 'sqlserver://h' }\n")).toEqual([
      expect.stringMatching(/connections\.db\.url: url names no database\. Write sqlserver:/),
    ]);
  });

  test("filters and columns that an object does not have", async () => {
    expect((await faultsOf(pipeline("objects: { users: { filter: { statsu: ACTIVE } } }")))[0]).toContain(
      'users cannot be filtered by statsu. Did you mean "status"?',
    );
    expect((await faultsOf(pipeline("objects: { users: { columns: { exclude: [id] } } }")))[0]).toContain(
      "is the key of users",
    );
    expect((await faultsOf(pipeline("objects: { users: { columns: { exclude: [statusChangd] } } }")))[0]).toContain(
      'Did you mean "statusChanged"?',
    );
    const ageless = "objects: { log_events: { retain: 5d, columns: { exclude: [published] } } }";
    expect((await faultsOf(pipeline(ageless)))[0]).toContain("retain needs published");
    expect((await faultsOf(pipeline("objects: { users: { since: 3d } }")))[0]).toContain(
      "since is only for log_events",
    );
  });

  test("an org address that would show the token, and corrections that are told", async () => {
    const http = CONNECTIONS.replace("https://acme.okta.com", "http://acme.okta.com");
    expect((await faultsOf(http))[0]).toMatch(
      /^tidemark\.yaml:4:13 connections\.acme\.orgUrl: .*loopback.*Write https:\/\/\.$/,
    );
    await expect(parse(CONNECTIONS.replace("https://acme.okta.com", "http://127.0.0.1:8080"))).resolves.toMatchObject({
      notes: [],
    });
    const admin = await parse(
      CONNECTIONS.replace("https://acme.okta.com", "https://acme-admin.okta.com/admin/dashboard"),
    );
    expect(admin.notes).toEqual([
      "tidemark.yaml:4:13 connections.acme.orgUrl: acme-admin.okta.com is the host of the admin console, only the host counts; using https://acme.okta.com",
    ]);
  });

  test("with two Okta connections nothing is filled from the environment, so each must be whole", async () => {
    expect(await faultsOf(`${CONNECTIONS}  second:\n    type: okta\n    orgUrl: https://b.okta.com\n`)).toEqual([
      "tidemark.yaml:9:3 connections.second: token (or clientId and privateKey) is missing. With more than one Okta connection, OKTA_CLIENT_… and okta.yaml fill nothing.",
    ]);
  });

  test("text that is no YAML, with a hint at the commonest reason", async () => {
    const faults = await faultsOf("connections:\n  acme: { type: okta, token: ${env:X} }\n");
    expect(faults[0]).toMatch(/^tidemark\.yaml:2:\d+: This is not YAML: .*put a reference in quotes/);
  });

  test("a reference that is written wrongly", async () => {
    expect((await faultsOf(CONNECTIONS.replace("${env:DATABASE_URL}", "${DATABASE_URL}")))[0]).toContain(
      "write ${env:DATABASE_URL}",
    );
    expect((await faultsOf(CONNECTIONS.replace("${env:DATABASE_URL}", "${vault:x}")))[0]).toContain(
      "${cmd:PROGRAM ARGS}",
    );
  });

  test("all faults are told at once", async () => {
    expect(await faultsOf(`${CONNECTIONS.replace("type: okta", "type: octa")}extra: 1\n`)).toHaveLength(2);
  });
});

test("the file is found from the given folder, and a missing one says what to do", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-config-"));
  await writeFile(join(folder, "tidemark.yaml"), CONNECTIONS);
  await expect(loadConfig({ cwd: folder })).resolves.toMatchObject({ file: "tidemark.yaml", folder });
  const missing = loadConfig({ cwd: folder, file: "other.yaml" });
  await expect(missing).rejects.toBeInstanceOf(TidemarkError);
  await expect(missing).rejects.toMatchObject({
    code: "CONFIG_NOT_FOUND",
    message: "There is no configuration file other.yaml.",
  });
});
