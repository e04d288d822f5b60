import { TerminalError } from "@tidemark/kernel";
import type { ClientConfig } from "pg";

import { ConnectError } from "../../driver.js";

/** Where one connects to make another database (PostgreSQL documentation, CREATE DATABASE and createdb). */
const MAINTENANCE = "postgres";

/** Makes a database through the server's own; no error when somebody else was faster. */
export async function createDatabase(settings: ClientConfig, name: string): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ ...settings, database: MAINTENANCE });
  // A server that goes away is told by the statement.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new ConnectError(error);
  }
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    // 42P04 duplicate_database; 23505 from the catalog's index when two make it at the same moment.
    if (code === "42P04" || code === "23505") return;
    // 42501 insufficient_privilege
    if (code !== "42501") throw error;
    const user = settings.user ?? "";
    throw new TerminalError("WAREHOUSE_DENIED", `Database ${name} does not exist and user ${user} may not create it`, {
      where: name,
      remedy: `As an administrator: CREATE DATABASE "${name}" OWNER "${user}"; or ALTER ROLE "${user}" CREATEDB;`,
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
