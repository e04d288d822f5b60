import { TerminalError } from "@tidemark/kernel";
import type { ConnectionConfiguration } from "tedious";

import { ConnectError } from "../../driver.js";
import { closeConnection, type DriverConnection, execute, openConnection } from "./driver.js";
import { q } from "./sql.js";

/** Where one connects to make another database: every login may (Microsoft Learn, "CREATE DATABASE" and "master database"). */
const MAINTENANCE = "master";

/** Makes a database through `master`; no error when it is there, also when somebody else was faster. */
export async function createDatabase(
  settings: ConnectionConfiguration,
  { name, requireTls }: { name: string; requireTls: boolean },
): Promise<void> {
  const options = { ...settings.options, database: MAINTENANCE };
  const connection = await openConnection({ ...settings, options }, { requireTls }).catch((error: unknown) => {
    throw new ConnectError(error);
  });
  try {
    if (await isThere(connection, name)) return;
    const sql = `create database ${q(name).replaceAll("\\?", "?")}`;
    await execute(connection, { sql, bindings: [], transacting: false });
  } catch (error) {
    if (await isThere(connection, name)) return;
    const right = await ask(connection, "select has_perms_by_name(null, null, 'CREATE ANY DATABASE') as one");
    if (right === 1) throw error;
    const login = String(await ask(connection, "select suser_sname() as one"));
    throw new TerminalError(
      "WAREHOUSE_DENIED",
      `Database ${name} does not exist and login ${login} may not create it`,
      {
        where: name,
        remedy:
          `As an administrator: CREATE DATABASE [${name}]; USE [${name}]; CREATE USER [${login}] FOR LOGIN [${login}]; ` +
          `or GRANT CREATE ANY DATABASE TO [${login}];`,
        cause: error,
      },
    );
  } finally {
    await closeConnection(connection);
  }
}

async function isThere(connection: DriverConnection, name: string): Promise<boolean> {
  return (await ask(connection, "select db_id(@p0) as one", name)) !== null;
}

async function ask(connection: DriverConnection, sql: string, ...bindings: readonly string[]): Promise<unknown> {
  return (await execute(connection, { sql, bindings, transacting: false })).rows[0]?.["one"] ?? null;
}
