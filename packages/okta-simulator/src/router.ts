import { oktaError } from "./errors.js";
import type { Handler } from "./http.js";

interface Node {
  readonly fixed: Map<string, Node>;
  parameter: Node | undefined;
  /** With the names of the path's parameters, in order: paths that share their start may name them differently. */
  readonly methods: Map<string, { readonly handler: Handler; readonly names: readonly string[] }>;
}

interface Found {
  readonly node: Node;
  readonly values: readonly string[];
}

function emptyNode(): Node {
  return { fixed: new Map(), parameter: undefined, methods: new Map() };
}

/** Paths to handlers; a fixed step wins over a `{parameter}`. */
export class Router {
  readonly #root = emptyNode();

  /** `path` such as `/api/v1/groups/{groupId}/users`. */
  add(method: string, path: string, handler: Handler): void {
    let node = this.#root;
    const names: string[] = [];
    for (const step of path.split("/").slice(1)) {
      if (step.startsWith("{")) {
        names.push(step.slice(1, -1));
        node = node.parameter ??= emptyNode();
      } else {
        let next = node.fixed.get(step);
        if (!next) node.fixed.set(step, (next = emptyNode()));
        node = next;
      }
    }
    node.methods.set(method, { handler, names });
  }

  /** The handler and the path's parameters; throws E0000022 for another method, E0000008 for an unknown path. */
  find(method: string, path: string): { handler: Handler; params: Record<string, string> } {
    const found = this.#walk(this.#root, path.split("/").slice(1), []);
    if (!found) throw oktaError("E0000008");
    const route = found.node.methods.get(method);
    if (!route) throw oktaError("E0000022");
    const params = Object.fromEntries(route.names.map((name, at) => [name, found.values[at] ?? ""]));
    return { handler: route.handler, params };
  }

  #walk(node: Node, steps: readonly string[], values: readonly string[]): Found | undefined {
    const [step, ...rest] = steps;
    if (step === undefined) return node.methods.size > 0 ? { node, values } : undefined;
    const fixed = node.fixed.get(step);
    const found = fixed && this.#walk(fixed, rest, values);
    if (found || !node.parameter || step === "") return found;
    return this.#walk(node.parameter, rest, [...values, decoded(step)]);
  }
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
