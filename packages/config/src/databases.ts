import { chooseTls, type DatabaseUrl, readDatabaseUrl } from "@tidemark/kernel";

import { orList } from "./problems.js";
import { holdsReference } from "./references.js";
import type { WarehouseConnection } from "./types.js";

type DatabaseType = WarehouseConnection["type"];

const URL_SCHEMES: Readonly<Record<DatabaseType, readonly string[]>> = {
  postgres: ["postgres", "postgresql"],
  mysql: ["mysql", "mariadb"],
  sqlserver: ["sqlserver", "mssql"],
};

/** A rule between the keys of a connection that is broken: at which key, and what is allowed. No value is shown. */
export interface DatabaseFault {
  readonly key: string;
  readonly message: string;
}

/** Keys of a database connection, by name; what is still a reference counts as given and unknown. */
export type DatabaseKeys = Readonly<Record<string, unknown>>;

/** What is wrong between the keys, which the option table cannot say. */
export function databaseFaults(type: DatabaseType, keys: DatabaseKeys): DatabaseFault[] {
  const url = keys["url"];
  if (typeof url !== "string" || url === "" || url.startsWith("${")) return [];
  const [scheme = type] = URL_SCHEMES[type];
  if (!URL_SCHEMES[type].some((candidate) => url.toLowerCase().startsWith(`${candidate}://`))) {
    const schemes = orList(URL_SCHEMES[type].map((candidate) => `${candidate}://`));
    return [{ key: "url", message: `url must begin with ${schemes}, e.g. ${scheme}://user:password@host/database.` }];
  }
  // A reference inside of it may stand for anything, delimiters included.
  if (holdsReference(url)) return [];
  const read = readDatabaseUrl(url);
  if (read === null) {
    return [
      {
        key: "url",
        message: `url is not a URL such as ${scheme}://user:password@host/database. Write characters like @, / and % of a password as %40, %2F and %25.`,
      },
    ];
  }
  return [...tlsFaults(keys, read), ...(type === "sqlserver" ? sqlserverFaults(keys, read) : [])];
}

function tlsFaults(keys: DatabaseKeys, url: DatabaseUrl): DatabaseFault[] {
  if (holdsReference(keys["tls"])) return [];
  const tls = (["verify", "no-verify", "off"] as const).find((mode) => mode === keys["tls"]);
  const choice = chooseTls({ ...url, tls, hasCa: keys["caFile"] !== undefined });
  return "mode" in choice ? [] : [{ key: choice.key, message: `${choice.fault}.` }];
}

function sqlserverFaults(keys: DatabaseKeys, url: DatabaseUrl): DatabaseFault[] {
  const faults: DatabaseFault[] = [];
  const report = (key: string, message: string): void => void faults.push({ key, message });
  if (url.database === null)
    report(
      "url",
      "url names no database. Write sqlserver://user:password@host/database: the tables go into a schema of it.",
    );
  if (keys["instance"] !== undefined && url.port !== null)
    report(
      "instance",
      "Give instance or a port in url, not both: an instance's port is asked of the SQL Server Browser.",
    );
  if (keys["accessToken"] !== undefined) {
    if (keys["domain"] !== undefined) report("domain", "Give accessToken or domain, not both.");
    if (url.user !== null || url.password !== null)
      report("accessToken", "accessToken stands instead of user and password: leave them out of url.");
  } else if (keys["domain"] !== undefined && (url.user === null || url.password === null)) {
    report("domain", "An NTLM login needs user and password in url, beside domain.");
  }
  return faults;
}
