import type { Result, ServerInfo, Statement } from "../../dialect.js";
import { plain } from "./sql.js";

/** MySQL 8.0 and MariaDB 10.6 are the oldest with JSON_TABLE, which key sets travel in. */
function isTooOld(version: string): boolean {
  // Old MariaDB servers put 5.5.5- before their own version, for replicas.
  const [major = 0, minor = 0] = version
    .replace(/^5\.5\.5-/, "")
    .split(".")
    .map((part) => Number.parseInt(part, 10));
  return /mariadb/i.test(version) ? major < 10 || (major === 10 && minor < 6) : major < 8;
}

/** What the user must be able to do to the schema, besides reading it. */
const NEEDED = [
  "CREATE",
  "ALTER",
  "DROP",
  "INDEX",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE VIEW",
  "CREATE TEMPORARY TABLES",
];

type Ask = (statement: Statement) => Promise<Result>;

/** Rights by name; null when they cannot be told because some of them come from roles. */
async function rightsOn(ask: Ask, schema: string): Promise<ReadonlySet<string> | null> {
  const user = `concat("'", replace(current_user(), '@', "'@'"), "'")`;
  const own = await ask(
    plain(
      `select privilege_type as name from information_schema.user_privileges where grantee = ${user}
       union select privilege_type from information_schema.schema_privileges where grantee = ${user} and ? like table_schema`,
      schema,
    ),
  );
  const roles = await ask(plain("select current_role() as role"));
  const role = roles.rows[0]?.["role"];
  if (role !== null && role !== undefined && role !== "NONE") return null;
  return new Set(own.rows.map((row) => String(row["name"])));
}

/** What the server says of itself, of this user and of the schema. */
export async function serverInfo(ask: Ask, schema: string): Promise<ServerInfo> {
  const answer = await ask(
    plain(
      `select version() as version, current_user() as user, @@global.read_only as read_only,
       @@global.local_infile as local_infile,
       exists (select 1 from information_schema.schemata where schema_name = ?) as schema_exists`,
      schema,
    ),
  );
  const row = answer.rows[0] ?? {};
  const version = String(row["version"]);
  const tooOld = isTooOld(version);
  const rights = tooOld ? null : await rightsOn(ask, schema);
  const mayAll = rights === null || NEEDED.every((right) => rights.has(right));
  const mayWriteAnyway = rights === null || rights.has("SUPER") || rights.has("READ_ONLY ADMIN");
  const readOnly = Number(row["read_only"]) === 1 && !mayWriteAnyway;
  const notes =
    Number(row["local_infile"]) === 1
      ? []
      : [
          "The server refuses LOAD DATA LOCAL (local_infile is off): rows are sent as INSERT statements, which takes about " +
            "three times as long. SET GLOBAL local_infile = ON allows it.",
        ];
  return {
    version: /mariadb/i.test(version) ? `MariaDB ${version}` : `MySQL ${version}`,
    tooOld,
    user: String(row["user"]),
    database: schema,
    readOnly,
    standby: false,
    schemaExists: Number(row["schema_exists"]) === 1,
    mayCreateSchema: mayAll,
    mayCreateTables: mayAll,
    notes,
  };
}
