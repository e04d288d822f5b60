import type { Result, ServerInfo, Statement } from "../../dialect.js";
import { plain } from "./sql.js";

/** SQL Server 2019. */
const OLDEST_MAJOR = 15;
/** Azure SQL Database and Azure SQL Managed Instance: never too old, whatever number they give (SERVERPROPERTY). */
const AZURE_EDITIONS: readonly number[] = [5, 8];

type Ask = (statement: Statement) => Promise<Result>;

/** Another product that speaks SQL Server's language has numbers of its own. */
function isTooOld(banner: string, version: string, edition: number): boolean {
  if (!banner.startsWith("Microsoft SQL Server") && !banner.startsWith("Microsoft SQL Azure")) return false;
  return !AZURE_EDITIONS.includes(edition) && Number.parseInt(version, 10) < OLDEST_MAJOR;
}

/** Readers wait for writers unless the database keeps row versions; null when the server does not tell. */
async function readersWait(ask: Ask): Promise<boolean | null> {
  const answer = await ask(
    plain("select is_read_committed_snapshot_on as versions from sys.databases where name = db_name()"),
  );
  const versions = answer.rows[0]?.["versions"];
  return versions === null || versions === undefined ? null : !versions;
}

/** What the server says of itself, of this user and of the schema. */
export async function serverInfo(ask: Ask, schema: string): Promise<ServerInfo> {
  const answer = await ask(
    plain(
      `select @@version as banner, cast(serverproperty('productversion') as nvarchar(128)) as version,
       cast(serverproperty('engineedition') as int) as edition, user_name() as [user], db_name() as [database],
       cast(databasepropertyex(db_name(), 'Updateability') as nvarchar(128)) as updateability,
       schema_id(?) as schema_id,
       has_perms_by_name(db_name(), 'DATABASE', 'CREATE SCHEMA') as create_schema,
       has_perms_by_name(db_name(), 'DATABASE', 'CREATE TABLE') as create_table,
       has_perms_by_name(quotename(?), 'SCHEMA', 'ALTER') as alter_schema`,
      schema,
      schema,
    ),
  );
  const row = answer.rows[0] ?? {};
  const banner = String(row["banner"]);
  const version = String(row["version"]);
  const exists = row["schema_id"] !== null;
  const mayCreateSchema = row["create_schema"] === 1;
  const mayAlter = exists ? row["alter_schema"] === 1 : mayCreateSchema;
  const readOnly = row["updateability"] === "READ_ONLY";
  const wait = await readersWait(ask);
  return {
    version: `${banner.split(/\r?\n| \(X64\)| - /)[0] ?? ""} ${version}`.trim(),
    tooOld: isTooOld(banner, version, Number(row["edition"])),
    user: String(row["user"]),
    database: String(row["database"]),
    readOnly,
    standby: false,
    schemaExists: exists,
    mayCreateSchema,
    mayCreateTables: row["create_table"] === 1 && mayAlter,
    notes: wait
      ? [
          `Who reads these tables waits while a batch is written: READ_COMMITTED_SNAPSHOT is off in ${String(row["database"])}. ` +
            `ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON (with no other connection to it) lets them read on.`,
        ]
      : [],
  };
}
