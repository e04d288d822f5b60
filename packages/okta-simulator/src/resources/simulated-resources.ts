import type { JsonObject } from "../json.js";
import type { Org } from "../org/org.js";
import type { Ancestors } from "./definition.js";
import type { ResourceStore } from "./store.js";
import { type ResourceTruth, truthAt, truthOf } from "./truth.js";

/** Declared resources as tests and the demo change them: as over HTTP, with the same checks and log events. */
export class SimulatedResources {
  readonly #org: Org;
  readonly #resources: ResourceStore;
  readonly #base: () => string;

  constructor(org: Org, resources: ResourceStore, base: () => string) {
    this.#org = org;
    this.#resources = resources;
    this.#base = base;
  }

  /** Creates an item of a declared resource (`network_zones`), as `POST` on its path does. */
  create(resource: string, body: JsonObject, ancestors: Ancestors = {}): JsonObject {
    const definition = this.#resources.named(resource);
    return this.asAdmin(() => this.#resources.create({ definition, ancestors, body, base: this.#base() }));
  }

  /** Changes an item: `body` over what is there, by the resource's full replace or partial update. */
  change(resource: string, id: string, body: JsonObject, ancestors: Ancestors = {}): JsonObject {
    const resources = this.#resources;
    const definition = resources.named(resource);
    const write = present(definition.replace ?? definition.update, `write of ${resource}`);
    return this.asAdmin(() => {
      const whole = { ...resources.get(definition, ancestors, id), ...body };
      return resources.write({ definition, ancestors, body: whole, base: this.#base(), id, write, partial: false });
    });
  }

  /** `activate`, `deactivate` or another declared action. */
  act(resource: string, id: string, action: string, ancestors: Ancestors = {}): JsonObject {
    const resources = this.#resources;
    const definition = resources.named(resource);
    const write = present(definition.actions?.[action], `${action} of ${resource}`);
    const base = this.#base();
    return this.asAdmin(() => resources.write({ definition, ancestors, body: {}, base, id, write, partial: true }));
  }

  remove(resource: string, id: string, ancestors: Ancestors = {}): void {
    const definition = this.#resources.named(resource);
    this.asAdmin(() => this.#resources.remove({ definition, ancestors, body: {}, base: this.#base(), id }));
  }

  /** Every item of a declared resource as it is at this moment, with the ids of what it is under. */
  truthOf(resource: string): Iterable<JsonObject> {
    this.#org.tick();
    return truthOf(this.#resources, resource, this.#base());
  }

  /**
   * Every item of what is declared at a path of that shape, as it is at this moment: as its list answers `query`, or with
   * null as the single object.
   */
  itemsAt(path: string, query: Readonly<Record<string, string>> | null): Iterable<ResourceTruth> {
    this.#org.tick();
    return truthAt(this.#resources, { path, query: query && new URLSearchParams(query) }, this.#base());
  }

  /** Does `change` as the org's administrator, after what was due. */
  protected asAdmin<T>(change: () => T): T {
    const org = this.#org;
    org.tick();
    const admin = org.users.get(0);
    const login = String(admin?.profile["login"] ?? "admin");
    return org.as({ id: org.users.id(0), type: "User", alternateId: login, displayName: login }, change);
  }
}

/** The value, or a RangeError that names what a test asked for. */
export function present<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new RangeError(`the simulated org has no ${id}`);
  return value;
}
