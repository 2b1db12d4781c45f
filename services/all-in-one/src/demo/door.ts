// A person's way in: plain HTTP with a token, as any client would.
import { randomUUID } from "node:crypto";

export interface Door {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown, key?: string): Promise<T>;
}

export class DoorError extends Error {
  readonly status: number;
  readonly problem: {
    reason?: string;
    zh?: string;
    en?: string;
    fields?: { field: string; zh: string; en: string }[];
  };

  constructor(method: string, path: string, status: number, problem: DoorError["problem"]) {
    const fields = (problem.fields ?? [])
      .map((each) => `\n  ${each.field}: ${each.zh} · ${each.en}`)
      .join("");
    super(`${method} ${path} → ${status} ${problem.reason}: ${problem.zh} · ${problem.en}${fields}`);
    this.status = status;
    this.problem = problem;
  }
}

export function openDoor(url: string, token?: string): Door {
  const call = async <T>(method: string, path: string, init: RequestInit): Promise<T> => {
    const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(init.headers as object) };
    const response = await fetch(`${url}${path}`, { ...init, method, headers });
    const body: unknown = await response.json();
    if (!response.ok) throw new DoorError(method, path, response.status, body as DoorError["problem"]);
    return body as T;
  };
  return {
    get: (path) => call("GET", path, {}),
    post: (path, body, key = randomUUID()) =>
      call("POST", path, {
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify(body),
      }),
  };
}

export async function signIn(url: string, username: string, password: string): Promise<Door> {
  const { token } = await openDoor(url).post<{ token: string }>("/api/v1/sessions", { username, password });
  return openDoor(url, token);
}
