import { type KeyValues, type ObjectDefinition, objectNamed, snakeCase, valueAt } from "@tidemark/catalog";
import { type Emission, readList } from "@tidemark/extractor";
import { TidemarkError } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

/** An object read once for the whole run, without a table: small ones that others depend on (types and schemas). */
export interface DirectRead {
  readonly emissions: readonly Emission[];
  readonly items: readonly unknown[];
  /** Why it could not be read. */
  readonly error: TidemarkError | null;
}

/**
 * Reads small objects once a run and keeps what they answered, so that the columns of users are known before the first
 * user, and the types' and schemas' own tables cost no second request.
 */
export class DirectReads {
  readonly #client: OktaClient;
  readonly #reads = new Map<string, Promise<DirectRead>>();

  constructor(client: OktaClient) {
    this.#client = client;
  }

  /** What was read of the object, when it was read in this run. */
  async known(name: string): Promise<DirectRead | null> {
    return (await this.#reads.get(name)) ?? null;
  }

  /** Reads the object with its parents; a refusal is kept as a result, other errors are thrown. */
  read(definition: ObjectDefinition): Promise<DirectRead> {
    const existing = this.#reads.get(definition.name);
    if (existing) return existing;
    const reading = this.#read(definition);
    this.#reads.set(definition.name, reading);
    return reading;
  }

  async #read(definition: ObjectDefinition): Promise<DirectRead> {
    const emissions: Emission[] = [];
    const items: unknown[] = [];
    try {
      for (const parent of await this.#parents(definition)) {
        for (const emission of await this.#readUnder(definition, parent)) {
          emissions.push(emission);
          if (emission.kind === "items") items.push(...emission.items);
        }
      }
      return { emissions, items, error: null };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { emissions: [], items: [], error };
    }
  }

  /** One parent that is gone meanwhile, or has no such list, says nothing about the others. */
  async #readUnder(definition: ObjectDefinition, parent: KeyValues): Promise<Emission[]> {
    const emissions: Emission[] = [];
    try {
      for await (const emission of readList({ client: this.#client, list: definition.list, parent, scoped: true })) {
        emissions.push(emission);
      }
      return emissions;
    } catch (error) {
      if (!definition.parent || !isRefusal(error) || error.code !== "OKTA_NOT_FOUND") throw error;
      return [{ kind: "missed", scope: parent, error, cursor: null }];
    }
  }

  async #parents(definition: ObjectDefinition): Promise<readonly KeyValues[]> {
    const { parent } = definition;
    if (!parent) return [{}];
    const parentDefinition = objectNamed(parent.object);
    if (!parentDefinition) return [];
    const read = await this.read(parentDefinition);
    if (read.error) throw read.error;
    return read.items
      .map((item) => columnValues(parentDefinition, item, parent.columns))
      .filter((values) => Object.values(values).every((value) => value !== ""));
  }
}

/** Values of a parent's columns, straight from its item. */
export function columnValues(
  definition: ObjectDefinition,
  item: unknown,
  columns: Readonly<Record<string, string>>,
): KeyValues {
  const values = Object.entries(columns).map(([column, parentColumn]): [string, string] => {
    const declared = definition.columns.find(
      (candidate) => (candidate.name ?? candidate.path.map(snakeCase).join("_")) === parentColumn,
    );
    const value = valueAt(item, declared?.path ?? [parentColumn]);
    const text = typeof value === "string" ? value : "";
    return [column, declared?.lastSegment ? (text.split("/").at(-1) ?? "") : text];
  });
  return Object.fromEntries(values);
}

/** Denied, not licensed or not there: a result, not a fault of the run. */
export function isRefusal(error: unknown): error is TidemarkError {
  return error instanceof TidemarkError && ["OKTA_DENIED", "OKTA_UNAVAILABLE", "OKTA_NOT_FOUND"].includes(error.code);
}
