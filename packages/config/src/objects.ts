import {
  isExcluded,
  objectNamed,
  objectOfAlias,
  objectsOf,
  type ObjectDefinition,
  OBJECTS,
  type Preset,
  PRESET_NAMES,
} from "@tidemark/catalog";

import { parseDuration } from "./duration.js";
import { objectOptions } from "./options.js";
import { type ConfigProblem, orList } from "./problems.js";
import type { KeyPath, SourceMap } from "./source-map.js";
import { didYouMean } from "./suggest.js";
import type { ObjectSelection } from "./types.js";
import { findProblems, isRecord } from "./validate.js";

/** What `objects:` of one pipeline stands for. */
export interface ParsedObjects {
  readonly selections: readonly ObjectSelection[];
  readonly problems: readonly ConfigProblem[];
}

/** Reads `objects:`: a preset, a list of presets and objects, or a map with options. Left out: core. */
export function parseObjects(value: unknown, at: KeyPath, source: SourceMap): ParsedObjects {
  const reader = new ObjectsReader(source);
  if (value === undefined || value === null) reader.add("core", undefined, at);
  else if (typeof value === "string") reader.add(value, undefined, at);
  else if (Array.isArray(value)) value.forEach((entry: unknown, index) => reader.addListed(entry, [...at, index]));
  else if (isRecord(value))
    for (const [name, options] of Object.entries(value)) reader.add(name, options ?? {}, [...at, name]);
  else
    reader.fault(
      source.whereValue(at),
      "objects must be a preset, a list of presets and objects, or a map with options.",
    );
  if (reader.isEmpty && reader.problems.length === 0) {
    reader.fault(source.whereValue(at), `objects names nothing. Presets: ${orList(PRESET_NAMES)}.`);
  }
  return { selections: reader.selections(), problems: reader.problems };
}

class ObjectsReader {
  readonly problems: ConfigProblem[] = [];
  readonly #source: SourceMap;
  readonly #chosen = new Map<string, ObjectSelection>();

  constructor(source: SourceMap) {
    this.#source = source;
  }

  get isEmpty(): boolean {
    return this.#chosen.size === 0;
  }

  fault(where: string, message: string): void {
    this.problems.push({ where, message });
  }

  addListed(entry: unknown, at: KeyPath): void {
    if (typeof entry === "string") this.add(entry, undefined, at);
    else if (isRecord(entry))
      for (const [name, options] of Object.entries(entry)) this.add(name, options ?? {}, [...at, name]);
    else this.fault(this.#source.whereValue(at), "An entry of objects must be the name of a preset or object.");
  }

  add(name: string, options: unknown, at: KeyPath): void {
    const definition = objectNamed(name);
    if (isPreset(name)) this.#addPreset(name, { options, at });
    else if (definition !== undefined) this.#addObject(definition, options, at);
    else this.fault(this.#source.whereKey(at), unknownObject(name));
  }

  /** In catalog order. */
  selections(): readonly ObjectSelection[] {
    return OBJECTS.flatMap((definition) => this.#chosen.get(definition.name) ?? []);
  }

  #addPreset(name: Preset | "all", given: { options: unknown; at: KeyPath }): void {
    if (given.options !== undefined && !(isRecord(given.options) && Object.keys(given.options).length === 0)) {
      this.fault(
        this.#source.whereValue(given.at),
        `The preset ${name} takes no options ({}); give them to its objects by name.`,
      );
    }
    for (const { name: object } of objectsOf(name)) {
      if (!this.#chosen.has(object)) this.#chosen.set(object, { ...PLAIN, object, named: false });
    }
  }

  #addObject(definition: ObjectDefinition, options: unknown, at: KeyPath): void {
    if (options === undefined) {
      this.#chosen.set(definition.name, {
        ...(this.#chosen.get(definition.name) ?? PLAIN),
        object: definition.name,
        named: true,
      });
      return;
    }
    const found = findProblems({ schema: objectOptions, value: options, at, source: this.#source });
    const parsed = objectOptions.safeParse(options);
    this.problems.push(...found);
    if (!parsed.success) return;
    const { filter = {}, columns = {}, since, retain } = parsed.data;
    const selection: ObjectSelection = {
      object: definition.name,
      named: true,
      filter: Object.fromEntries(Object.entries(filter).map(([key, value]) => [key, [value].flat()])),
      columns: { exclude: columns.exclude ?? [], rename: columns.rename ?? {} },
      sinceMs: since === undefined ? null : parseDuration(since),
      retainMs: retain === undefined ? null : parseDuration(retain),
    };
    this.#checkFilter(definition, selection, at);
    this.#checkColumns(definition, selection, at);
    this.#checkTimes(definition, selection, at);
    this.#chosen.set(definition.name, selection);
  }

  #checkFilter(definition: ObjectDefinition, selection: ObjectSelection, at: KeyPath): void {
    const allowed = Object.keys(definition.rowFilters ?? {});
    for (const [attribute, values] of Object.entries(selection.filter)) {
      const where = this.#source.whereKey([...at, "filter", attribute]);
      if (allowed.length === 0) this.fault(where, `${definition.name} takes no row filter.`);
      else if (!allowed.includes(attribute)) {
        this.fault(
          where,
          `${definition.name} cannot be filtered by ${attribute}.${didYouMean(attribute, allowed)} Allowed: ${orList(allowed)}.`,
        );
      } else if (values.length === 0)
        this.fault(where, `The filter names no value of ${attribute}, so that no row would be left.`);
    }
  }

  #checkColumns(definition: ObjectDefinition, selection: ObjectSelection, at: KeyPath): void {
    const known = definition.columns.map((column) => column.path.join("."));
    const keys = definition.columns
      .filter((column) => definition.key.includes(column.name ?? column.path.join(".")))
      .map((column) => column.path.join("."));
    const check = (path: string, where: string): void => {
      const custom = definition.profileSchema !== undefined && path.startsWith("profile.");
      if (!custom && !known.some((name) => name === path || name.startsWith(`${path}.`))) {
        this.fault(
          where,
          `${definition.name} has no attribute ${path}.${didYouMean(path, known)} \`tidemark mapping\` shows all.`,
        );
      }
    };
    selection.columns.exclude.forEach((path, index) => {
      const where = this.#source.whereValue([...at, "columns", "exclude", index]);
      check(path, where);
      if (keys.includes(path)) this.fault(where, `${path} is the key of ${definition.name} and cannot be left out.`);
    });
    const names = new Map<string, string>();
    for (const [path, name] of Object.entries(selection.columns.rename)) {
      const where = this.#source.whereKey([...at, "columns", "rename", path]);
      check(path, where);
      const other = names.get(name.toLowerCase());
      if (other !== undefined) this.fault(where, `${path} and ${other} would both be the column ${name}.`);
      if (name.toLowerCase().startsWith("_tidemark")) this.fault(where, `Columns named _tidemark… are Tidemark's own.`);
      if (keys.includes(path)) this.fault(where, `${path} is the key of ${definition.name} and keeps its name.`);
      names.set(name.toLowerCase(), path);
    }
  }

  #checkTimes(definition: ObjectDefinition, selection: ObjectSelection, at: KeyPath): void {
    const { incremental } = definition;
    if (incremental.how === "append") {
      if (selection.retainMs !== null && isExcluded(incremental.timePath, selection.columns.exclude)) {
        const path = incremental.timePath.join(".");
        this.fault(
          this.#source.whereKey([...at, "retain"]),
          `retain needs ${path}, which tells a row's age; take it out of columns.exclude.`,
        );
      }
      return;
    }
    const logs = OBJECTS.filter((candidate) => candidate.incremental.how === "append").map(({ name }) => name);
    for (const [key, value] of [
      ["since", selection.sinceMs],
      ["retain", selection.retainMs],
    ] as const) {
      if (value !== null) this.fault(this.#source.whereKey([...at, key]), `${key} is only for ${orList(logs)}.`);
    }
  }
}

const PLAIN = { filter: {}, columns: { exclude: [], rename: {} }, sinceMs: null, retainMs: null } as const;

function isPreset(name: string): name is Preset | "all" {
  return PRESET_NAMES.includes(name);
}

/** `Unknown object "usres". Did you mean "users"? …` for messages of the file and of `--objects`. */
export function unknownObject(name: string): string {
  const alias = objectOfAlias(name)?.name;
  const guess =
    alias === undefined
      ? didYouMean(name, [...PRESET_NAMES, ...OBJECTS.map((object) => object.name)])
      : ` Did you mean "${alias}"?`;
  return `Unknown object or preset "${name}".${guess} Presets: ${orList(PRESET_NAMES)}. \`tidemark objects\` lists the objects.`;
}
