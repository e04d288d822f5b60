import { type IncrementalDefinition, type ObjectDefinition, OBJECTS } from "@tidemark/catalog";

import type { Invocation } from "../command.js";
import { EXIT } from "../failure.js";
import { type Io, print, printJson } from "../io.js";
import { formatTable } from "../text.js";

/** `tidemark objects`: the catalog as a table or as JSON. */
export async function run(io: Io, { options }: Invocation): Promise<number> {
  if (options["json"] === true) {
    printJson(io, OBJECTS.map(describe));
    return EXIT.done;
  }
  const rows = OBJECTS.map((definition) => {
    const object = describe(definition);
    return [
      object.object,
      object.preset,
      object.key.join(", "),
      object.incremental,
      object.deletes,
      writesOf(definition),
      object.aliases.join(", "),
    ];
  });
  const titles = ["OBJECT", "PRESET", "KEY", "CHANGES BY", "DELETES BY", "WRITES", "ALSO CALLED"];
  print(
    io.stdout,
    ...formatTable(
      titles.map((title) => ({ title })),
      rows,
    ),
  );
  return EXIT.done;
}

function describe(definition: ObjectDefinition) {
  const { name, aliases, preset, summary, key, scopes, adminRoles, writes } = definition;
  return {
    object: name,
    aliases,
    preset,
    summary,
    key,
    parent: definition.parent?.object ?? null,
    incremental: incrementalOf(definition.incremental),
    deletes: deletesOf(definition),
    insert: writes.insert,
    update: writes.update,
    delete: writes.delete,
    twoWay: writes.twoWay,
    scopes,
    adminRoles,
  };
}

function incrementalOf(incremental: IncrementalDefinition): string {
  switch (incremental.how) {
    case "filter":
      return incremental.parameter;
    case "parent":
      return `parent's ${incremental.parentColumn}`;
    case "log":
      return "System Log";
    case "compare":
      return "compare";
    case "reconcile":
      return "reconcile";
    case "append":
      return "own cursor";
  }
}

/** Evidence by which rows leave, besides the end of their parent. */
function deletesOf(definition: ObjectDefinition): string {
  if (definition.incremental.how === "append") return "never (retain drops old rows)";
  const events = definition.events.some(({ effect }) => effect === "gone" || effect === "remove");
  return [...(events ? ["event"] : []), ...(definition.get === undefined ? [] : ["404"]), "absence"].join(", ");
}

function writesOf({ writes }: ObjectDefinition): string {
  const all = [writes.insert ? "insert" : "", writes.update ? "update" : "", writes.delete ? "delete" : ""].filter(
    (word) => word !== "",
  );
  return all.length === 0 ? "-" : all.join("/");
}
