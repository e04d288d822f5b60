import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { SETTINGS as MYSQL_SETTINGS } from "../../infra/servers/mysql.mjs";
import { SETTINGS as POSTGRES_SETTINGS } from "../../infra/servers/postgres.mjs";
import { KINDS } from "../../infra/servers/provide.mjs";
import { reasonFor } from "../../infra/skips.mjs";

const ROOT = join(import.meta.dirname, "../..");

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly retries: number };
}

describe("infra/compose", () => {
  const text = readFileSync(join(ROOT, "infra/compose/compose.yaml"), "utf8");
  const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> };

  test("has every server in the versions that are supported", () => {
    expect(Object.fromEntries(Object.entries(services).map(([name, { image }]) => [name, image]))).toEqual({
      postgres14: "postgres:14",
      postgres18: "postgres:18",
      mysql: "mysql:8.4",
      mariadb: "mariadb:11",
      sqlserver: "mcr.microsoft.com/mssql/server:2022-latest",
      redis: "redis:7",
    });
    expect(services["sqlserver"]?.environment).toMatchObject({ ACCEPT_EULA: "Y", MSSQL_PID: "Developer" });
  });

  test.each(Object.entries(services))("%s tells when it is ready, and is reached from this machine alone", (_, own) => {
    expect(own.healthcheck?.test[0]).toMatch(/^CMD/);
    expect(own.healthcheck?.retries).toBeGreaterThan(30);
    expect(own.ports?.length).toBe(1);
    // A free port of the loopback address.
    expect(own.ports?.[0]).toMatch(/^127\.0\.0\.1::\d+$/);
  });

  test("its settings are those of the servers that come from packages", () => {
    const postgres = Object.entries(POSTGRES_SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${String(value)}`]);
    for (const name of ["postgres14", "postgres18"]) expect(services[name]?.command).toEqual(["postgres", ...postgres]);
    for (const name of ["mysql", "mariadb"]) expect(services[name]?.command).toEqual(MYSQL_SETTINGS);
  });
});

test("every address of a server that a helper of the tests reads has somebody who provides it", () => {
  const support = join(ROOT, "test/support");
  const read = readdirSync(support).flatMap((name) => [
    ...readFileSync(join(support, name), "utf8").matchAll(/TIDEMARK_TEST_\w+_URL/g),
  ]);
  const provided = new Set(KINDS.map(({ variable }) => variable));
  expect(read.map(([variable]) => variable).filter((variable) => !provided.has(variable))).toEqual([]);
});

describe("a skipped suite names the server that was missing, and no other", () => {
  const missing = KINDS.map(({ name }) => ({ name, reason: "none here" }));
  const cases = [
    ["test/conformance/sqlserver.test.ts > dialect SQL Server", "SQL Server"],
    ["test/e2e/warehouses.test.ts > a pipeline into SQL Server", "SQL Server"],
    ["test/conformance/mysql.test.ts > dialect MySQL/MariaDB", "MySQL/MariaDB"],
    ["test/x.test.ts > a MySQL server of its own", "MySQL/MariaDB"],
    ["test/x.test.ts > a MariaDB server of its own", "MySQL/MariaDB"],
    ["test/x.test.ts > a PostgreSQL server restarts", "PostgreSQL"],
    ["test/x.test.ts > jobs on Redis", "Redis"],
    ["test/e2e/pgbouncer.test.ts > behind PgBouncer", "PgBouncer"],
  ] as const;
  test.each(cases)("%s", (text, name) => {
    expect(reasonFor(text, { missing, long: true })).toBe(`no ${name} server: none here`);
  });

  test("what only sounds like one is no server", () => {
    const reason = reasonFor("test/x.test.ts > rows rediscovered in nosql servers", { missing, long: true });
    expect(reason).toBe("skipped in the test file itself");
  });

  test("a server that is there is not named", () => {
    expect(reasonFor("x.test.ts > a long run into SQL Server", { missing: [], long: false })).toContain("test:long");
  });
});
