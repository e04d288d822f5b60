import type { TlsMode } from "@tidemark/kernel";

import type { Secret } from "./secret.js";
import type { SourceMap } from "./source-map.js";

/** Kinds of `type:` under `connections:`. */
export type ConnectionType = "okta" | "postgres" | "mysql" | "sqlserver" | "csv";

/** An Okta org as the file describes it. What it leaves out may be filled from `OKTA_CLIENT_*` and okta.yaml. */
export interface OktaConnection {
  readonly name: string;
  readonly type: "okta";
  /** Origin without a trailing slash; https, or http on a loopback address. */
  readonly orgUrl?: string;
  readonly token?: Secret;
  readonly clientId?: string;
  /** PEM, or a JWK as JSON text. */
  readonly privateKey?: Secret;
  readonly keyId?: string;
  readonly scopes?: readonly string[];
  /** May hold a user name and password. */
  readonly proxy?: Secret;
  /** Absolute path. */
  readonly caFile?: string;
  readonly rateLimit: { readonly share: number };
  /** Key → where its value comes from: `tidemark.yaml:4:12` and, for a reference, `${env:OKTA_CLIENT_TOKEN}`. */
  readonly origins: Readonly<Record<string, string>>;
}

/** A database that receives the tables. */
export interface WarehouseConnection {
  readonly name: string;
  readonly type: "postgres" | "mysql" | "sqlserver";
  /** Connection URL with user and password. */
  readonly url: Secret;
  /** PostgreSQL and SQL Server: the schema. MySQL/MariaDB: the database. */
  readonly schema: string;
  /** Roles that may read every replicated table. */
  readonly grantSelect: readonly string[];
  /** Left out, the URL decides; see the kernel's `chooseTls`. */
  readonly tls?: TlsMode;
  /** Absolute path. */
  readonly caFile?: string;
  /** At least 2. */
  readonly poolSize?: number;
  readonly statementTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** PostgreSQL and SQL Server: the database of the URL may be made. */
  readonly createDatabase?: boolean;
  /** SQL Server: name of the instance; the URL has no port then. */
  readonly instance?: string;
  /** SQL Server: Windows domain of the URL's user. */
  readonly domain?: string;
  /** SQL Server: instead of the URL's user and password. */
  readonly accessToken?: Secret;
  readonly origins: Readonly<Record<string, string>>;
}

/** A folder that receives CSV files. */
export interface CsvConnection {
  readonly name: string;
  readonly type: "csv";
  /** Absolute path. */
  readonly dir: string;
  readonly layout: "tidemark" | "netwrix";
  readonly origins: Readonly<Record<string, string>>;
}

export type Connection = OktaConnection | WarehouseConnection | CsvConnection;

/** A connection whose references are not resolved yet; see `resolveConnection`. */
export interface ConnectionDeclaration {
  readonly name: string;
  readonly type: ConnectionType;
  /** `tidemark.yaml:2:3`. */
  readonly where: string;
  /** The YAML value, references unresolved. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One object of a pipeline with its options. */
export interface ObjectSelection {
  /** Catalog name. */
  readonly object: string;
  /** True when the file names the object itself, not only a preset: denied or unavailable then counts as partly done. */
  readonly named: boolean;
  /** Row filter: attribute → values, of which one must match. Empty: every row. */
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly columns: {
    /** Dotted source paths that are not replicated. */
    readonly exclude: readonly string[];
    /** Dotted source path → column name. */
    readonly rename: Readonly<Record<string, string>>;
  };
  /** How far back the first load of an append-only object reaches; null: as far as Okta keeps it. */
  readonly sinceMs: number | null;
  /** Age at which rows of an append-only object are dropped; null: never. */
  readonly retainMs: number | null;
}

/** When a pipeline runs by itself. */
export type Schedule =
  | { readonly kind: "cron"; readonly cron: string; readonly timezone: string; readonly active: boolean }
  | {
      readonly kind: "every";
      readonly everyMs: number;
      /** `HH:MM` in `timezone` at which the series starts; null: when the scheduler starts. */
      readonly startAt: string | null;
      readonly timezone: string;
      readonly active: boolean;
    };

/** A source, a destination and what goes from one to the other. */
export interface Pipeline {
  readonly name: string;
  /** Name of an Okta connection. */
  readonly source: string;
  /** Name of a warehouse or csv connection. */
  readonly destination: string;
  /** In catalog order, each object once. */
  readonly objects: readonly ObjectSelection[];
  readonly deletes: "hard" | "soft" | "ignore";
  /** Catalog names of the objects whose versions are kept. */
  readonly history: readonly string[];
  readonly reconcileEveryMs: number;
  readonly schedule: Schedule | null;
  /** `tidemark.yaml:9:3`. */
  readonly where: string;
}

/** A configuration file that was read and found right. */
export interface Config {
  /** As it was named by the caller. */
  readonly file: string;
  /** Folder of the file: relative paths in it start here. */
  readonly folder: string;
  readonly connections: ReadonlyMap<string, ConnectionDeclaration>;
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  /** What was corrected silently, for people. */
  readonly notes: readonly string[];
  /** Environment that references read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Positions in the file, for messages. */
  readonly source: SourceMap;
}
