import { describeObjects, type ObjectDescription } from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";

import type { Invocation } from "../command.js";
import { EXIT } from "../failure.js";
import { type Io, print, printJson } from "../io.js";
import { fitTable, formatTable, type NarrowableColumn, plural } from "../text.js";

const COLUMNS: readonly NarrowableColumn[] = [
  { title: "OBJECT", least: 17, last: true },
  { title: "OTHER NAMES", least: 11 },
  { title: "KEY", least: 4 },
  { title: "CHANGES" },
  { title: "DELETES", least: 7 },
  { title: "I/U/D" },
  { title: "2-WAY" },
  { title: "PRESET" },
  { title: "SCOPES", least: 6 },
];

/** A terminal of fewer columns has no room for the scopes, which are the last column. */
const ROOM_FOR_SCOPES = 100;

/** `tidemark objects`: the catalog as a table or as JSON; one object by its name: everything about it. */
export async function run(io: Io, { args, options }: Invocation): Promise<number> {
  const [name] = args;
  const preset = options["preset"];
  const wanted = describeObjects().filter((object) => preset === undefined || object.preset === preset);
  const objects = name === undefined ? wanted : named(wanted, name);
  const [only] = objects;
  if (options["json"] === true) printJson(io, objects);
  else if (name !== undefined && objects.length === 1 && only) print(io.stdout, ...sheetOf(only));
  else printTable(io, objects);
  return EXIT.done;
}

/** The object of that name, whosever name it is; else those that have it in a name. */
function named(objects: readonly ObjectDescription[], name: string): readonly ObjectDescription[] {
  const squash = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]/g, "");
  const names = (object: ObjectDescription): string[] => [object.object, ...object.aliases].map(squash);
  const exact = objects.filter((object) => names(object).includes(squash(name)));
  const found =
    exact.length > 0
      ? exact
      : objects.filter((object) => names(object).some((candidate) => candidate.includes(squash(name))));
  if (found.length > 0) return found;
  throw new TerminalError("USAGE", `No object has "${name}" in its name`, {
    remedy: "tidemark objects lists all of them",
  });
}

function printTable(io: Io, objects: readonly ObjectDescription[]): void {
  const rows = objects.map((object) => [
    object.object,
    object.aliases.join(", "),
    object.key.join(", "),
    object.incremental.how,
    object.deletes.join(", ") || "-",
    writesOf(object),
    object.twoWay ? "yes" : "-",
    object.preset,
    object.scopes.join(", ") || "-",
  ]);
  const width = io.stdout.isTTY === true ? (io.stdout.columns ?? 80) : Infinity;
  const columns = width < ROOM_FOR_SCOPES ? COLUMNS.slice(0, -1) : COLUMNS;
  const cells = rows.map((row) => row.slice(0, columns.length));
  print(io.stdout, ...formatTable(columns, fitTable(columns, cells, width)));
  if (io.stdout.isTTY === true)
    print(io.stdout, "", `${plural(objects.length, "object")}; tidemark objects NAME tells more, --json everything`);
}

function writesOf({ insert, update, delete: remove }: ObjectDescription): string {
  return [insert ? "I" : "-", update ? "U" : "-", remove ? "D" : "-"].join("");
}

function sheetOf(object: ObjectDescription): string[] {
  const writes = [object.insert ? "insert" : "", object.update ? "update" : "", object.delete ? "delete" : ""];
  const facts: readonly (readonly [string, string])[] = [
    ["other names", object.aliases.join(", ")],
    ["preset", object.preset],
    ["tables", object.tables.join(", ")],
    ["key", object.key.join(", ")],
    ["listed under", object.parent ?? ""],
    ["changes", `${object.incremental.how}: ${object.incremental.detail}`],
    ["deletes", object.deletes.join(", ")],
    ["writes", [...writes, object.twoWay ? "two-way" : ""].filter(Boolean).join(", ") || "none"],
    ["first load", `requests: ${object.requests.first}`],
    ["idle run", `requests: ${object.requests.idle}`],
    ["reconcile", object.reconcileFactor === 1 ? "" : `every ${object.reconcileFactor}th time`],
    ["scopes", object.scopes.join(", ")],
    ["admin roles", object.adminRoles.join(", ")],
  ];
  const lines = facts.filter(([, text]) => text !== "").map(([title, text]) => `  ${title.padEnd(14)}${text}`);
  return [object.object, `  ${object.summary}`, ...lines];
}
