import type { Result, ServerInfo, Statement } from "../../dialect.js";
import { plain } from "./sql.js";

/** SQL Server 2019. */
const OLDEST_MAJOR = 15;
/** Azure SQL Database and Azure SQL Managed Instance: never too old, whatever number they give (SERVERPROPERTY). */
const AZURE_EDITIONS: readonly number[] = [5, 8];

/** Of the database: OPENJSON, which key sets travel in, comes with it ("OPENJSON (Transact-SQL)"). */
const OLDEST_LEVEL = 130;

type Ask = (statement: Statement) => Promise<Result>;

/** Another product that speaks SQL Server's language has numbers of its own. */
function isSqlServer(banner: string): boolean {
  return banner.startsWith("Microsoft SQL");
}

function isTooOld({ banner, version, edition }: { banner: string; version: string; edition: number }): boolean {
  return isSqlServer(banner) && !AZURE_EDITIONS.includes(edition) && Number.parseInt(version, 10) < OLDEST_MAJOR;
}

/** Rights on the schema without which its tables cannot be filled and changed. */
const NEEDED = ["ALTER", "SELECT", "INSERT", "UPDATE", "DELETE"];

/** What the server says of itself, of this user and of the schema. */
export async function serverInfo(ask: Ask, schema: string): Promise<ServerInfo> {
  const onSchema = NEEDED.map((right) => `has_perms_by_name(quotename(?), 'SCHEMA', '${right}') = 1`).join(" and ");
  const onDatabase = (right: string): string => `has_perms_by_name(quotename(db_name()), 'DATABASE', '${right}')`;
  const answer = await ask(
    plain(
      `select @@version as banner, cast(serverproperty('productversion') as nvarchar(128)) as version,
       cast(serverproperty('engineedition') as int) as edition, user_name() as [user], db_name() as [database],
       cast(databasepropertyex(db_name(), 'Updateability') as nvarchar(128)) as updateability,
       schema_id(?) as schema_id, ${onDatabase("CREATE SCHEMA")} as create_schema,
       ${onDatabase("CREATE TABLE")} as create_table, ${onDatabase("CREATE VIEW")} as create_view,
       case when ${onSchema} then 1 else 0 end as on_schema`,
      schema,
      ...NEEDED.map(() => schema),
    ),
  );
  const row = answer.rows[0] ?? {};
  const options = await ask(
    plain(
      `select compatibility_level as level, is_read_committed_snapshot_on as versions from sys.databases
       where name = db_name()`,
    ),
  );
  const { level, versions } = options.rows[0] ?? {};
  const server = { banner: String(row["banner"]), version: String(row["version"]), edition: Number(row["edition"]) };
  const exists = row["schema_id"] !== null;
  const mayCreateSchema = row["create_schema"] === 1;
  const database = String(row["database"]);
  const isOld = isSqlServer(server.banner) && Number(level) < OLDEST_LEVEL;
  return {
    version: `${server.banner.split(/\r?\n| \(| - /)[0] ?? ""} ${server.version}${isOld ? `, compatibility level ${String(level)}` : ""}`,
    tooOld: isTooOld(server) || isOld,
    user: String(row["user"]),
    database,
    readOnly: row["updateability"] === "READ_ONLY",
    standby: false,
    schemaExists: exists,
    mayCreateSchema,
    mayCreateTables:
      row["create_table"] === 1 && row["create_view"] === 1 && (exists ? row["on_schema"] === 1 : mayCreateSchema),
    // Readers wait for writers unless the database keeps row versions.
    notes: versions === false ? [waitingReaders(database)] : [],
  };
}

function waitingReaders(database: string): string {
  return (
    `Who reads these tables waits while a batch is written: READ_COMMITTED_SNAPSHOT is off in ${database}. ` +
    `ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON, with no other connection to it, lets them read on.`
  );
}
