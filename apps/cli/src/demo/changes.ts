import { TerminalError } from "@tidemark/kernel";
import type { Simulator } from "@tidemark/okta-simulator";

interface Item {
  readonly id: string;
  readonly [key: string]: unknown;
}

/** Changes the org through its API, as an admin would, and says in words what was done. */
export async function changeOrg(simulator: Simulator): Promise<string[]> {
  const admin = new Admin(simulator);
  const me = await admin.send("GET", "/api/v1/users/me");
  const active = await admin.list('/api/v1/users?limit=6&filter=status%20eq%20"ACTIVE"');
  // The token's owner stays as he is: with him, the token would end.
  const [first, second, third, fourth, fifth] = active.filter((user) => user.id !== me?.id);
  const groups = await admin.list('/api/v1/groups?limit=3&filter=type%20eq%20"OKTA_GROUP"');
  const [app] = await admin.list("/api/v1/apps?limit=1");
  const done: string[] = [];
  const created = await admin.send("POST", "/api/v1/users?activate=true", {
    profile: { firstName: "Ada", lastName: "Demo", email: "ada.demo@example.com", login: "ada.demo@example.com" },
  });
  done.push("created the user ada.demo@example.com");
  if (first) {
    await admin.send("POST", `/api/v1/users/${first.id}`, { profile: { lastName: "Renamed", title: "Captain" } });
    done.push(`changed last name and title of ${loginOf(first)}`);
  }
  if (second) {
    await admin.send("POST", `/api/v1/users/${second.id}/lifecycle/deactivate`);
    done.push(`deactivated ${loginOf(second)} (stays as a row, with status DEPROVISIONED)`);
  }
  if (third) {
    await admin.send("POST", `/api/v1/users/${third.id}/lifecycle/deactivate`);
    await admin.send("DELETE", `/api/v1/users/${third.id}`);
    done.push(`deleted ${loginOf(third)} (the row leaves, memberships and assignments with it)`);
  }
  const [joined, left] = groups;
  if (joined && created) {
    await admin.send("PUT", `/api/v1/groups/${joined.id}/users/${created.id}`);
    done.push(`added ada.demo@example.com to the group ${nameOf(joined)}`);
  }
  const [member] = left ? await admin.list(`/api/v1/groups/${left.id}/users?limit=1`) : [];
  if (left && member) {
    await admin.send("DELETE", `/api/v1/groups/${left.id}/users/${member.id}`);
    done.push(`removed ${loginOf(member)} from the group ${nameOf(left)}`);
  }
  if (app && created) {
    await admin.send("POST", `/api/v1/apps/${app.id}/users`, { id: created.id, scope: "USER" });
    done.push(`assigned ${String(app["label"])} to ada.demo@example.com`);
  }
  done.push(...signIns(simulator, [fourth, fifth]));
  simulator.org.settle();
  return done;
}

function signIns(simulator: Simulator, users: readonly (Item | undefined)[]): string[] {
  const present = users.filter((user) => user !== undefined);
  for (const user of present) simulator.org.signIn(user.id);
  return present.length === 0 ? [] : [`${present.length} people signed in (lastLogin moves with the next reconcile)`];
}

class Admin {
  readonly #simulator: Simulator;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  async list(path: string): Promise<Item[]> {
    return (await this.#call("GET", path)) as Item[];
  }

  async send(method: string, path: string, body?: unknown): Promise<Item | null> {
    return (await this.#call(method, path, body)) as Item | null;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#simulator.url + path, {
      method,
      headers: {
        accept: "application/json",
        authorization: `SSWS ${this.#simulator.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new TerminalError("INTERNAL", `The simulated org refused ${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : (JSON.parse(text) as unknown);
  }
}

function loginOf(user: Item): string {
  return String((user["profile"] as { login?: unknown } | undefined)?.login);
}

function nameOf(group: Item): string {
  return String((group["profile"] as { name?: unknown } | undefined)?.name);
}
