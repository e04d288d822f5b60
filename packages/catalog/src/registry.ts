import { TerminalError } from "@tidemark/kernel";

import { type EventRule, type ObjectDefinition, type Preset, PRESETS } from "./definition.js";
import { OBJECTS } from "./objects.js";

const BY_NAME = new Map(OBJECTS.map((definition) => [definition.name, definition]));

/** The object of that name. */
export function objectNamed(name: string): ObjectDefinition | undefined {
  return BY_NAME.get(name);
}

/** The object that other products call so (`UserTypes`, `groupsusers`), in any spelling of case, spaces and underscores. */
export function objectOfAlias(name: string): ObjectDefinition | undefined {
  const plain = squash(name);
  return OBJECTS.find((definition) =>
    [definition.name, ...definition.aliases].some((alias) => squash(alias) === plain),
  );
}

function squash(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, "");
}

/** Preset names as configurations write them. */
export const PRESET_NAMES: readonly string[] = [...PRESETS, "all"];

/** The objects of a preset, in catalog order. */
export function objectsOf(preset: Preset | "all"): readonly ObjectDefinition[] {
  return preset === "all" ? OBJECTS : OBJECTS.filter((definition) => definition.preset === preset);
}

/** What a selection comes to. */
export interface ResolvedObjects {
  /** Parents before children, otherwise in catalog order. */
  readonly objects: readonly ObjectDefinition[];
  /** Objects that were selected by their own name, not by a preset. */
  readonly named: readonly string[];
  /** Objects that nobody selected but whose rows the selected ones are listed from. */
  readonly added: readonly string[];
}

/**
 * The objects that a list of presets and names stands for, with the parents they need.
 * @throws TerminalError CONFIG_INVALID for a name that is neither; the remedy names the likely one.
 */
export function resolveObjects(selection: string | readonly string[]): ResolvedObjects {
  const wanted = new Set<ObjectDefinition>();
  const named = new Set<string>();
  for (const name of typeof selection === "string" ? [selection] : selection) {
    if (isPreset(name)) {
      for (const definition of objectsOf(name)) wanted.add(definition);
      continue;
    }
    const definition = objectNamed(name) ?? unknown(name);
    wanted.add(definition);
    named.add(definition.name);
  }
  const added = new Set<string>();
  for (const definition of wanted) addParents(definition, wanted, added);
  return { objects: OBJECTS.filter((definition) => wanted.has(definition)), named: [...named], added: [...added] };
}

function addParents(definition: ObjectDefinition, wanted: Set<ObjectDefinition>, added: Set<string>): void {
  for (const parent of neededBy(definition)) {
    if (wanted.has(parent)) continue;
    wanted.add(parent);
    added.add(parent.name);
    addParents(parent, wanted, added);
  }
}

/** The objects under whose rows `definition` is listed; empty for a list of its own. */
export function parentsOf({ parent }: ObjectDefinition): readonly ObjectDefinition[] {
  return parent === undefined ? [] : [parent.object, ...(parent.also ?? [])].flatMap((name) => objectNamed(name) ?? []);
}

/** The objects whose rows the requests for `definition` are made from. */
export function neededBy(definition: ObjectDefinition): readonly ObjectDefinition[] {
  const times = definition.parent?.times && objectNamed(definition.parent.times.object);
  return times ? [...parentsOf(definition), times] : parentsOf(definition);
}

/** The objects that are listed under rows of `name`. */
export function childrenOf(name: string): readonly ObjectDefinition[] {
  return OBJECTS.filter(({ parent }) => parent?.object === name || parent?.also?.includes(name) === true);
}

function isPreset(name: string): name is Preset | "all" {
  return PRESET_NAMES.includes(name);
}

function unknown(name: string): never {
  const meant = objectOfAlias(name);
  const remedy = meant
    ? `Write ${meant.name}.`
    : `Presets: ${PRESET_NAMES.join(", ")}. Objects: ${OBJECTS.map((one) => one.name).join(", ")}.`;
  throw new TerminalError("CONFIG_INVALID", `There is no object or preset "${name}"`, { where: "objects", remedy });
}

/** An object whose rows end with a row of another, and the column that names it. */
export interface Dependant {
  readonly object: ObjectDefinition;
  readonly column: string;
}

/** The objects whose rows go when a row of `name` is proved gone. */
export function dependantsOf(name: string): readonly Dependant[] {
  return OBJECTS.flatMap((object) =>
    Object.entries(object.references ?? {})
      .filter(([, targets]) => [targets].flat().includes(name))
      .map(([column]) => ({ object, column })),
  );
}

/** A rule and the object that it concerns. */
export interface ObjectEventRule extends EventRule {
  readonly object: string;
}

/** Every System Log event type that touches one of the objects, with what it means for each. */
export function eventTypesFor(objects: readonly ObjectDefinition[]): ReadonlyMap<string, readonly ObjectEventRule[]> {
  const byType = new Map<string, ObjectEventRule[]>();
  for (const { name, events } of objects) {
    for (const rule of events) {
      for (const type of rule.types) byType.set(type, [...(byType.get(type) ?? []), { ...rule, object: name }]);
    }
  }
  return byType;
}

/** The object whose documents declare the profile attributes of `definition`; undefined when they are fixed. */
export function schemaObjectOf(definition: ObjectDefinition): ObjectDefinition | undefined {
  const kind = definition.profileSchema;
  return kind === undefined ? undefined : OBJECTS.find((object) => object.describesProfileOf === kind);
}
