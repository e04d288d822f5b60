import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

import { silentLogger, systemClock } from "@tidemark/kernel";
import { openWarehouse, type WarehouseConfig } from "@tidemark/warehouse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CA, SERVER_CERTIFICATE, SERVER_KEY } from "../../packages/okta-client/src/testing/tls.js";
import { configFolder, runCli } from "../support/cli.js";
import { startEmbeddedPostgres } from "../support/embedded-postgres.js";
import { hasMariadb, startMariadb } from "../support/own-mariadb.js";

/** A server with a certificate for localhost and 127.0.0.1, and one without TLS; both answer at 127.0.0.2 as well. */
interface Servers {
  readonly withTls: number;
  readonly without: number;
  stop(): Promise<void>;
}

interface Product {
  readonly type: WarehouseConfig["type"];
  readonly database: string;
  /** SQL that says whether this very connection is encrypted: a row `{ cipher }`, empty without. */
  readonly cipher: string;
  start(): Promise<Servers>;
}

const TLS = { certificate: SERVER_CERTIFICATE, key: SERVER_KEY };

const PRODUCTS: readonly (Product & { readonly name: string; readonly there: boolean })[] = [
  {
    name: "PostgreSQL",
    there: true,
    type: "postgres",
    database: "/postgres",
    cipher: "select coalesce(cipher, '') as cipher from pg_stat_ssl where pid = pg_backend_pid()",
    async start() {
      const flags = ["-c", "listen_addresses=127.0.0.1,127.0.0.2"];
      const [withTls, without] = await Promise.all([
        startEmbeddedPostgres({ tls: TLS, flags }),
        startEmbeddedPostgres({ flags }),
      ]);
      return {
        withTls: Number(new URL(withTls.url).port),
        without: Number(new URL(without.url).port),
        stop: async () => void (await Promise.all([withTls.stop(), without.stop()])),
      };
    },
  },
  {
    name: "MySQL/MariaDB",
    there: hasMariadb,
    type: "mysql",
    database: "",
    cipher: "select variable_value as cipher from information_schema.session_status where variable_name = 'Ssl_cipher'",
    async start() {
      const setup = ["create user 'tidemark'@'%' identified by 'tidemark'", "grant all on *.* to 'tidemark'@'%'"];
      const [withTls, without] = await Promise.all([
        startMariadb({ tls: { ...TLS, ca: CA }, setup }),
        startMariadb({ setup }),
      ]);
      return {
        withTls: withTls.port,
        without: without.port,
        stop: async () => void (await Promise.all([withTls.stop(), without.stop()])),
      };
    },
  },
];

for (const { name, there, type, database, cipher, start } of PRODUCTS) {
  describe.skipIf(!there)(`TLS to ${name}`, () => {
    let servers: Servers;
    const files = { right: "", wrong: "", none: "" };
    beforeAll(async () => {
      servers = await start();
      const folder = await mkdtemp(join(tmpdir(), "tidemark-tls-"));
      files.right = join(folder, "right.pem");
      files.wrong = join(folder, "wrong.pem");
      files.none = join(folder, "none.pem");
      await writeFile(files.right, CA);
      await writeFile(files.wrong, rootCertificates[0] ?? "");
      await writeFile(files.none, "no certificate\n");
    });
    afterAll(() => servers?.stop());

    const urlOf = (host: string, port: number, query = ""): string =>
      `${type}://tidemark:tidemark@${host}:${port}${database}${query}`;
    /** How the server says that the connection is encrypted. */
    const cipherOf = async (url: string, more: Partial<WarehouseConfig> = {}): Promise<string> => {
      const config = { type, url, schema: "idp", connectTimeoutMs: 5_000, ...more };
      const warehouse = await openWarehouse(config, { clock: systemClock, logger: silentLogger });
      try {
        const answer = await warehouse.store.guard("ask", () => warehouse.store.read({ sql: cipher, bindings: [] }));
        return String(answer.rows[0]?.["cipher"]);
      } finally {
        await warehouse.close();
      }
    };

    test("a certificate of the named authority for this host is accepted, by name and by address", async () => {
      for (const host of ["localhost", "127.0.0.1"]) {
        expect(await cipherOf(urlOf(host, servers.withTls), { caFile: files.right })).toMatch(/AES|CHACHA/);
        const asked = urlOf(host, servers.withTls, "?sslmode=verify-full");
        expect(await cipherOf(asked, { caFile: files.right })).not.toBe("");
      }
    });

    test("one of an unknown authority, or for another host, is refused with the remedy", async () => {
      const refused = {
        code: "WAREHOUSE_UNREACHABLE",
        retryable: false,
        message: expect.stringContaining("certificate is not accepted"),
        remedy: expect.stringMatching(/caFile.*tls: no-verify/),
      };
      const at = urlOf("localhost", servers.withTls);
      await expect(cipherOf(at, { tls: "verify" })).rejects.toMatchObject(refused);
      await expect(cipherOf(at, { caFile: files.wrong })).rejects.toMatchObject(refused);
      await expect(cipherOf(urlOf("127.0.0.2", servers.withTls), { caFile: files.right })).rejects.toMatchObject(
        refused,
      );
    });

    test("no-verify takes any certificate, and off none", async () => {
      const anywhere = urlOf("127.0.0.2", servers.withTls);
      expect(await cipherOf(anywhere, { tls: "no-verify" })).not.toBe("");
      expect(await cipherOf(`${anywhere}?sslmode=no-verify`)).not.toBe("");
      expect(await cipherOf(anywhere, { tls: "off" })).toBe("");
      expect(await cipherOf(`${anywhere}?sslmode=disable`)).toBe("");
      expect(await cipherOf(anywhere)).toBe("");
    });

    test("a server without TLS is told as such, with the remedy", async () => {
      for (const tls of ["verify", "no-verify"] as const) {
        await expect(cipherOf(urlOf("127.0.0.1", servers.without), { tls })).rejects.toMatchObject({
          code: "WAREHOUSE_UNREACHABLE",
          retryable: false,
          message: expect.stringContaining("does not offer TLS"),
          remedy: expect.stringMatching(/network that you trust.*tls: off/),
        });
      }
      expect(await cipherOf(urlOf("127.0.0.1", servers.without))).toBe("");
    });

    test("check says how the connection is encrypted, and a file that is no certificate is told with its place", async () => {
      const check = async (...lines: string[]) =>
        runCli(["check", "db"], {
          cwd: await configFolder(
            ["connections:", "  db:", `    type: ${type}`, `    url: ${urlOf("localhost", servers.withTls)}`]
              .concat(lines.map((line) => `    ${line}`))
              .join("\n"),
          ),
        });
      expect(await check(`caFile: ${files.right}`)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(", TLS: verified"),
      });
      expect((await check("tls: no-verify")).stdout).toContain(", TLS: not verified");
      expect((await check()).stdout).toContain(", no TLS");
      for (const file of [files.none, "/nowhere/ca.pem"]) {
        const result = await check(`caFile: ${file}`);
        expect(result, result.stdout).toMatchObject({ code: 2 });
        expect(result.stdout).toMatch(/caFile (cannot be read|is not a PEM file): .* \(CONFIG_INVALID\)/);
      }
    });
  });
}
