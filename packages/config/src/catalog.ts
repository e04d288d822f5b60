import { type ObjectDefinition, PRESETS } from "@tidemark/catalog";

/** Every catalog object in catalog order. */
export const catalogObjects: readonly ObjectDefinition[] = [];

const byName = new Map(catalogObjects.map((definition) => [definition.name, definition]));

/** The object of that catalog name. */
export function objectNamed(name: string): ObjectDefinition | undefined {
  return byName.get(name);
}

/** Preset names as `objects:` takes them. */
export const presetNames: readonly string[] = [...PRESETS, "all"];

/** Objects of a preset; undefined when there is no preset of that name. */
export function objectsOfPreset(preset: string): readonly ObjectDefinition[] | undefined {
  if (preset === "all") return catalogObjects;
  return presetNames.includes(preset) ? catalogObjects.filter((definition) => definition.preset === preset) : undefined;
}

/** The catalog name of what other products call `name` (`EnrolledFactors`), in any spelling of case and underscores. */
export function objectOfAlias(name: string): string | undefined {
  const plain = squash(name);
  return catalogObjects.find((definition) =>
    [definition.name, ...definition.aliases].some((alias) => squash(alias) === plain),
  )?.name;
}

function squash(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, "");
}
