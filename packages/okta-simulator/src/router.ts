import { oktaError } from "./errors.js";
import type { Handler } from "./http.js";

interface Node {
  readonly fixed: Map<string, Node>;
  parameter: { readonly name: string; readonly node: Node } | undefined;
  readonly methods: Map<string, Handler>;
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
    for (const step of path.split("/").slice(1)) {
      if (step.startsWith("{")) {
        node.parameter ??= { name: step.slice(1, -1), node: emptyNode() };
        node = node.parameter.node;
      } else {
        let next = node.fixed.get(step);
        if (!next) node.fixed.set(step, (next = emptyNode()));
        node = next;
      }
    }
    node.methods.set(method, handler);
  }

  /** The handler and the path's parameters; throws E0000022 for another method, E0000008 for an unknown path. */
  find(method: string, path: string): { handler: Handler; params: Record<string, string> } {
    const params: Record<string, string> = {};
    const node = this.#walk(this.#root, path.split("/").slice(1), params);
    if (!node) throw oktaError("E0000008");
    const handler = node.methods.get(method);
    if (!handler) throw oktaError("E0000022");
    return { handler, params };
  }

  #walk(node: Node, steps: readonly string[], params: Record<string, string>): Node | undefined {
    const [step, ...rest] = steps;
    if (step === undefined) return node.methods.size > 0 ? node : undefined;
    const fixed = node.fixed.get(step);
    const found = fixed && this.#walk(fixed, rest, params);
    if (found || !node.parameter || step === "") return found;
    params[node.parameter.name] = decoded(step);
    return this.#walk(node.parameter.node, rest, params);
  }
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
