// How large a request may be: 1 MiB, where a route does not say in its contract that it takes more. The contract says it, so
// that a door which only passes requests on knows it too.
import { HttpRefusal } from "./problem.ts";

export const maxBodyBytes = 1024 * 1024;

const extension = "x-max-body-bytes";

/** Spread into a route: it takes so many bytes, and its handler reads them as they come (`c.req.raw.body`). */
export const roomFor = (bytes: number) => ({ [extension]: bytes }) as const;

/** Most bytes of a request's body. */
export type Room = (method: string, path: string) => number;

interface Contract {
  paths?: object;
}

/** Whether an operation of a contract takes more than others. */
export const isRoomy = (operation: object): boolean => extension in operation;

export function roomIn({ paths = {} }: Contract): Room {
  const roomy = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, { [extension]?: number }>).flatMap(([method, operation]) => {
      const bytes = operation[extension];
      return bytes === undefined ? [] : [{ method: method.toUpperCase(), path: matching(path), bytes }];
    }),
  );
  return (method, path) =>
    roomy.find((each) => each.method === method && each.path.test(path))?.bytes ?? maxBodyBytes;
}

const matching = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{\w+\}/g, "[^/]+")}$`);

export function tooLarge(most: number): HttpRefusal {
  const mebibytes = most / 1024 / 1024;
  return new HttpRefusal(413, "request.too_large", {
    zh: `请求内容不能超过 ${mebibytes} MiB`,
    en: `A request may not be larger than ${mebibytes} MiB`,
  });
}
