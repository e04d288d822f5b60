import { afterAll, beforeAll, expect, test } from "vitest";

import { configFolder, runCli } from "../support/cli.js";
import { type BadWorld, createBadWorld } from "./bad-world.js";

const RUN = ["replicate", "nightly"] as const;
let world: BadWorld;
const expectRefusal: BadWorld["expectRefusal"] = (...refusal) => world.expectRefusal(...refusal);

beforeAll(async () => {
  world = await createBadWorld();
  const first = await world.tidemark(RUN);
  if (first.code !== 0) throw new Error(`the first run failed: ${first.stderr}`);
});
afterAll(() => world.close());

/** The good file with a further line under the warehouse's schema, in line 10. */
const line = (text: string) => ({ edit: (yaml: string) => yaml.replace(/^( {4}schema: .*)$/m, `$1\n    ${text}`) });
const at = (column: number, key: string): string => `tidemark.yaml:10:${column} connections.warehouse.${key}`;
const invalid = (...says: (string | RegExp)[]): Parameters<BadWorld["expectRefusal"]>[2] => ({
  exit: 2,
  code: "CONFIG_INVALID",
  says,
  remedy: false,
});

test.each([
  ["tls: on", invalid(at(10, "tls"), 'must be verify, no-verify or off, not "on"')],
  ["caFile: [a.pem]", invalid(at(13, "caFile"), "must be text")],
  ["poolSize: 1", invalid(at(15, "poolSize"), "must be at least 2: a dry run holds one connection")],
  ["poolSize: lots", invalid(at(15, "poolSize"), "must be a whole number of at least 2")],
  ["statementTimeout: 300", invalid(at(23, "statementTimeout"), "must be a duration such as 90s")],
  ["connectTimeout: 100d", invalid(at(21, "connectTimeout"), "must be at most 24d")],
  ["createDatabase: sure", invalid(at(21, "createDatabase"), "must be true or false")],
  ["grantSelect: reporting", invalid(at(18, "grantSelect"), "must be a list of roles")],
  ["instance: SQLEXPRESS", invalid(at(5, "instance"), "is a key of sqlserver connections, not of postgres ones")],
  ["domain: CORP", invalid(at(5, "domain"), "is a key of sqlserver connections, not of postgres ones")],
  ["accessToken: eyJ-geheim", invalid(at(5, "accessToken"), "is a key of sqlserver connections")],
  ["layout: netwrix", invalid(at(5, "layout"), "is a key of csv connections, not of postgres ones")],
  ["poolsize: 4", invalid(at(5, "poolsize"), 'Unknown key "poolsize". Did you mean "poolSize"?')],
] as const)("%s", async (text, expected) => {
  const result = await expectRefusal(RUN, line(text), expected);
  expect(result.stdout + result.stderr).not.toContain("geheim");
});

test("what comes by reference is held to the same rules, at the same place", async () => {
  const expected = invalid(at(15, "poolSize"), "must be at least 2");
  await expectRefusal(RUN, line("poolSize: ${cmd:echo 1}"), expected);
  await expectRefusal(RUN, line("tls: ${cmd:echo sure}"), invalid(at(10, "tls"), "verify, no-verify or off"));
});

test("TLS that is asked for and excluded at once, and an sslmode that decides nothing", async () => {
  const url = (mode: string): string => `${world.user.url}?sslmode=${mode}`;
  await expectRefusal(
    RUN,
    { ...line("tls: verify"), url: url("disable") },
    invalid(at(10, "tls"), "contradicts sslmode=disable in url"),
  );
  await expectRefusal(
    RUN,
    { ...line("caFile: ca.pem"), url: url("no-verify") },
    invalid(at(13, "caFile"), "only with tls: verify"),
  );
  const place = "tidemark.yaml:8:10 connections.warehouse.url";
  await expectRefusal(RUN, { url: url("prefer") }, invalid(place, "Write tls: verify, or tls: off"));
  await expectRefusal(RUN, { url: url("required") }, invalid(place, "none of disable, no-verify, require"));
});

test("a server without TLS where TLS is asked for", async () => {
  const [row] = await world.admin<{ ssl: string }>("select current_setting('ssl') as ssl");
  if (row?.ssl === "on") return;
  await expectRefusal(RUN, line("tls: verify"), {
    exit: 1,
    code: "WAREHOUSE_UNREACHABLE",
    says: ["does not offer TLS", "tls: off"],
  });
});

test("a certificate file that is not there, or is none", async () => {
  for (const file of ["nowhere.pem", "tidemark.yaml"]) {
    const expected = { ...invalid(at(13, "caFile"), /cannot be read|is not a PEM file/), remedy: true };
    await expectRefusal(RUN, line(`caFile: ${file}`), expected);
  }
});

test("a role that the server does not know: nothing is made", async () => {
  const schema = `${world.place.schema}_role`;
  await world.admin(`create schema "${schema}" authorization "${world.user.name}"`);
  await expectRefusal(
    RUN,
    { ...line("grantSelect: [nobody_of_this_name]"), schema },
    {
      exit: 2,
      code: "CONFIG_INVALID",
      says: [at(18, "grantSelect"), '"nobody_of_this_name"', "CREATE ROLE"],
    },
  );
  expect(await world.admin(`select 1 from pg_tables where schemaname = '${schema}'`)).toEqual([]);
  await world.admin(`drop schema "${schema}"`);
});

test("an access token is never shown", async () => {
  const folder = await configFolder(`connections:
  azure:
    type: sqlserver
    url: sqlserver://someone:pw@127.0.0.1:9/idp
    accessToken: eyJ0-geheim
    domain: CORP
    instance: SQLEXPRESS
`);
  const result = await runCli(["check"], { cwd: folder });
  expect(result).toMatchObject({ code: 2 });
  const printed = result.stdout + result.stderr;
  for (const [text, place] of [
    ["accessToken stands instead of user and password", "5:18 connections.azure.accessToken"],
    ["Give accessToken or domain, not both.", "6:13 connections.azure.domain"],
    ["Give instance or a port in url, not both", "7:15 connections.azure.instance"],
  ] as const)
    expect(printed).toMatch(new RegExp(`error: ${text}.*\\n {2}where: tidemark\\.yaml:${place}\\n`));
  expect(printed).not.toContain("geheim");
});
