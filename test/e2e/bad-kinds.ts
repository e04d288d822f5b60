import { freshDatabase, mysqlUrl } from "../support/mysql.js";
import { freshSchema, type FreshSchema } from "../support/postgres.js";

/** A kind of warehouse, as whoever administers it makes it impossible to use. */
export interface BadKind {
  readonly name: string;
  readonly type: "postgres" | "mysql";
  /** Null where there is no such server. */
  readonly place: (() => Promise<FreshSchema>) | null;
  /** A user with a password. */
  createUser(name: string, password: string): readonly string[];
  dropUser(name: string): readonly string[];
  /** A schema in which that user may do everything, and one in which the user may only read. */
  createSchema(schema: string, user: string): readonly string[];
  createClosed(schema: string, user: string): readonly string[];
  dropSchema(schema: string): string;
  /** Rows `{ name }` of its tables, rows `{ sum }` of a table's content, and rows of its columns. */
  tables(schema: string): string;
  content(schema: string, table: string): string;
  columns(schema: string, table: string): string;
  /** A table or column as it stands in a statement. */
  quote(name: string): string;
  /** Further rows of `table` are refused as if the disk were full, and are not. */
  fillDisk(schema: string, table: string): readonly string[];
  freeDisk(schema: string, table: string): readonly string[];
  /** The key of `users` gets a collation that ignores case, and its own back. */
  loosen(schema: string): readonly string[];
  tighten(schema: string): readonly string[];
  /** What refusals say in this database's words. */
  readonly says: {
    readonly createSchema: (schema: string, user: string) => string;
    readonly createTables: string;
    readonly url: string;
  };
  /** A URL of the other kind. */
  readonly otherUrl: string;
}

const postgres: BadKind = {
  name: "PostgreSQL",
  type: "postgres",
  place: () => freshSchema(),
  createUser: (name, password) => [`create role "${name}" login password '${password}'`],
  dropUser: (name) => [`drop owned by "${name}" cascade`, `drop role "${name}"`],
  createSchema: (schema, user) => [`create schema "${schema}" authorization "${user}"`],
  createClosed: (schema) => [`create schema "${schema}"`],
  dropSchema: (schema) => `drop schema if exists "${schema}" cascade`,
  tables: (schema) => `select tablename as name from pg_tables where schemaname = '${schema}' order by 1`,
  content: (schema, table) =>
    `select count(*) || ' rows, ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum
     from "${schema}"."${table}" t`,
  columns: (schema, table) =>
    `select column_name, data_type from information_schema.columns
     where table_schema = '${schema}' and table_name = '${table}' order by 1`,
  quote: (name) => `"${name}"`,
  fillDisk: (schema, table) => [
    `create function "${schema}".no_space() returns trigger language plpgsql as $$ begin
       raise exception using errcode = '53100', message = 'could not extend file "base/1/2": No space left on device'; end $$`,
    `create trigger full_disk before insert on "${schema}"."${table}" execute function "${schema}".no_space()`,
  ],
  freeDisk: (schema) => [`drop function "${schema}".no_space cascade`],
  // A view keeps its columns from changing; the next run makes those that are missing.
  loosen: (schema) => [
    `drop view "${schema}".identity_mappings, "${schema}".effective_group_members`,
    `create collation "${schema}".careless (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`,
    `alter table "${schema}".users alter column id type text collate "${schema}".careless`,
  ],
  tighten: (schema) => [
    `drop view "${schema}".identity_mappings, "${schema}".effective_group_members`,
    `alter table "${schema}".users alter column id type text collate "default"`,
  ],
  says: {
    createSchema: (schema, user) => `CREATE SCHEMA "${schema}" AUTHORIZATION "${user}"`,
    createTables: "GRANT USAGE, CREATE ON SCHEMA",
    url: "postgres://",
  },
  otherUrl: "mysql://someone:Sesame-0pen@127.0.0.1/okta",
};

const ALL = "select, insert, update, delete, create, alter, drop, index, create view, create temporary tables, trigger";
const BYTEWISE = "collate /*!80000 utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */";

const mysql: BadKind = {
  name: "MySQL/MariaDB",
  type: "mysql",
  place: mysqlUrl() === null ? null : () => freshDatabase(),
  createUser: (name, password) => [`create user \`${name}\` identified by '${password}'`],
  dropUser: (name) => [`drop user \`${name}\``],
  createSchema: (schema, user) => [
    `create database if not exists \`${schema}\``,
    `grant ${ALL} on \`${schema.replaceAll("_", "\\_")}\`.* to \`${user}\``,
  ],
  createClosed: (schema, user) => [
    `create database \`${schema}\``,
    `grant select, insert, update, delete on \`${schema.replaceAll("_", "\\_")}\`.* to \`${user}\``,
  ],
  dropSchema: (schema) => `drop database if exists \`${schema}\``,
  tables: (schema) =>
    `select table_name as name from information_schema.tables
     where table_schema = '${schema}' and table_type = 'BASE TABLE' order by 1`,
  content: (schema, table) => `checksum table \`${schema}\`.\`${table}\` extended`,
  columns: (schema, table) =>
    `select column_name, data_type from information_schema.columns
     where table_schema = '${schema}' and table_name = '${table}' order by 1`,
  quote: (name) => `\`${name}\``,
  fillDisk: (schema, table) => [
    `create trigger \`${schema}\`.full_disk before insert on \`${schema}\`.\`${table}\` for each row
     signal sqlstate 'HY000' set mysql_errno = 1021, message_text = 'Disk full (/tmp/#sql); No space left on device'`,
  ],
  freeDisk: (schema) => [`drop trigger \`${schema}\`.full_disk`],
  loosen: (schema) => [
    `alter table \`${schema}\`.users modify id varchar(200) character set utf8mb4 collate utf8mb4_general_ci not null`,
  ],
  tighten: (schema) => [
    `alter table \`${schema}\`.users modify id varchar(200) character set utf8mb4 ${BYTEWISE} not null`,
  ],
  says: {
    createSchema: (schema) => `CREATE DATABASE \`${schema}\``,
    createTables: "CREATE TEMPORARY TABLES",
    url: "mysql://",
  },
  otherUrl: "postgres://someone:Sesame-0pen@127.0.0.1/okta",
};

/** Every kind of warehouse. */
export const KINDS: readonly BadKind[] = [postgres, mysql];
export const POSTGRES = postgres;
