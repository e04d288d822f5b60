import { readFileSync } from "node:fs";

import { Command, Option } from "commander";

import type { Choice, CommandModule } from "./command.js";
import type { Io } from "./io.js";

const json = (): Option => new Option("--json", "one JSON document on stdout, nothing else there");

/** Builds the command line. `choose` is called with the command that was given. */
export function buildProgram(io: Io, choose: (choice: Choice) => void): Command {
  const program = new Command("tidemark")
    .description("Replicates an Okta org into a database and keeps it current.")
    .version(version(), "-V, --version")
    .option("--config <file>", "configuration file", "tidemark.yaml")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showHelpAfterError("(tidemark --help shows the commands, tidemark COMMAND --help its options)")
    .exitOverride();
  const add = (usage: string, summary: string, load: () => Promise<CommandModule>): Command => {
    const command = program.command(usage).description(summary);
    return command.action((...given: unknown[]) => {
      const args = given
        .slice(0, -2)
        .flat()
        .filter((value): value is string => typeof value === "string");
      choose({ load, args, options: command.optsWithGlobals() });
    });
  };
  addSetup(add);
  addRuns(add);
  addTrial(add);
  return program;
}

type Add = (usage: string, summary: string, load: () => Promise<CommandModule>) => Command;

function addSetup(add: Add): void {
  add("init", "asks, then writes tidemark.yaml (no secrets in it)", () => import("./commands/init.js"))
    .option("--org-url <url>", "address of the Okta org")
    .addOption(new Option("--auth <how>", "API token, or private key of a service app").choices(["token", "key"]))
    .addOption(
      new Option("--warehouse <type>", "database that the tables go into").choices(["postgres", "mysql", "sqlserver"]),
    )
    .option("--schema <name>", "schema for the tables")
    .option("--objects <list>", "presets and objects, comma-separated")
    .option("--name <name>", "name of the Okta connection")
    .option("--pipeline <name>", "name of the pipeline")
    .option("--force", "overwrite a file that is there");
  add(
    "check [connection]",
    "credentials, what each object answers, rate limits, cost of a first load and an idle run",
    () => import("./commands/check.js"),
  ).addOption(json());
  add(
    "objects [name]",
    "the catalog: object, other products' names, key, how changes and deletes are found",
    () => import("./commands/objects.js"),
  )
    .addOption(new Option("--preset <preset>", "only this preset").choices(["core", "config", "per-user", "log"]))
    .addOption(json());
  add(
    "mapping <pipeline>",
    "every source attribute and its table, column and type",
    () => import("./commands/mapping.js"),
  ).option("--csv <file>", "write it as CSV");
  add("schema", "the JSON Schema of tidemark.yaml, for editors", () => import("./commands/schema.js")).option(
    "--out <file>",
    "write it there instead of stdout",
  );
}

function addRuns(add: Add): void {
  add("replicate <pipeline>", "brings the pipeline's tables up to date", () => import("./commands/replicate.js"))
    .option("--objects <list>", "only these, comma-separated")
    .option("--full", "read everything again and rewrite every row that differs in any column")
    .option("--reconcile", "list everything again and compare by hash")
    .option("--ids <list>", "only these ids, comma-separated")
    .option("--dry-run", "say what would change, and change nothing")
    .option("--allow-mass-delete", "delete even above the mass-delete guard")
    .addOption(json());
  add("status [pipeline]", "last run, rows, watermark and age of every object", () => import("./commands/status.js"))
    .option("--max-age <duration>", "exit with 1 when an object is older, e.g. 26h")
    .addOption(json());
  add(
    "uninstall <pipeline>",
    "removes Tidemark's bookkeeping from the database",
    () => import("./commands/uninstall.js"),
  )
    .option("--drop-tables", "remove the replicated tables too")
    .addOption(json());
}

function addTrial(add: Add): void {
  add("simulate", "runs a simulated Okta org until it is stopped", () => import("./commands/simulate.js"))
    .option("--port <port>", "default: any free one")
    .option("--users <number>", "generated users", "1000")
    .option("--seed <number>", "the same seed gives the same org", "1")
    .option("--latency <ms>", "added to every answer", "0")
    .addOption(
      new Option("--rate-limits <mode>", "Okta's default limits, or none").choices(["okta", "off"]).default("okta"),
    );
  add(
    "demo",
    "a simulated org, an embedded PostgreSQL, a first load, changes, an incremental run",
    () => import("./commands/demo.js"),
  )
    .option("--users <number>", "generated users", "1000")
    .option("--keep", "keep both servers running until Ctrl-C");
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
