// The one list of event names is whole: every message that is an event stands in it, with a topic and a schema version.
import type { Law } from "./law.ts";
import { type Module, type Node, nameOf, type Tree, textOf } from "./tree.ts";

const list = "packages/events/src/names.ts";

interface Entry {
  name: string;
  topic: string;
  schema: unknown;
  /** As proto calls it: `window.CaseClosed`. */
  message: string;
  at: Node;
}

function entriesOf(module: Module): Entry[] {
  const packages = new Map(
    module.imports.flatMap(({ from, at }) =>
      (at.specifiers as Node[]).map(
        (each) => [nameOf(each.local), /contracts\/(\w+)\//.exec(from)?.[1]] as const,
      ),
    ),
  );
  return module.nodes("Property").flatMap((property) => {
    const call = property.value as Node;
    if (call.type !== "CallExpression" || nameOf(call.callee) !== "event") return [];
    const [topic, schema, codec] = call.arguments as Node[];
    const [alias, message] = nameOf(codec).split(".");
    return [
      {
        name: textOf(property.key),
        topic: textOf(topic),
        schema: schema?.value,
        message: `${packages.get(alias ?? "")}.${message}`,
        at: property,
      },
    ];
  });
}

/** Messages of events.proto and …_events.proto files that no other message holds: those are events, the rest are their parts. */
function eventMessages(tree: Tree): { path: string; message: string }[] {
  const protos = tree.paths.filter((path) => path.endsWith(".proto"));
  const parts = new Set(
    protos.flatMap((path) =>
      [...tree.text(path).matchAll(/^\s+(?:repeated\s+|map<\w+,\s*)?([\w.]+)>?\s+\w+\s*=\s*\d+/gm)].map(
        (match) => match[1]!.split(".").at(-1)!,
      ),
    ),
  );
  return protos
    .filter((path) => /[/_]events\.proto$/.test(path))
    .flatMap((path) => {
      const own = /^package onething\.(\w+)\./m.exec(tree.text(path))?.[1];
      return [...tree.text(path).matchAll(/^message (\w+)/gm)]
        .filter((match) => !parts.has(match[1]!))
        .map((match) => ({ path, message: `${own}.${match[1]}` }));
    });
}

export const listedEvents: Law = {
  says: "every event has a name, a topic and a schema version in one list, and no message of an event is missing there",
  find: (tree) => {
    const [module] = tree.modules("packages/events/src").filter(({ path }) => path === list);
    if (!module) return [`${list} is not there`];
    const entries = entriesOf(module);
    const messages = eventMessages(tree);
    return [
      ...entries
        .filter(({ name }) => !/^[a-z]+\.[a-z_]+$/.test(name))
        .map(({ name, at }) => `${module.place(at)} ${name} is not named like noun.what_happened`),
      ...entries
        .filter(({ schema }) => !(Number.isInteger(schema) && Number(schema) >= 1))
        .map(({ name, at }) => `${module.place(at)} ${name} has no schema version`),
      ...entries
        .filter(({ topic }) => !/^onething\.[a-z]+$/.test(topic))
        .map(({ name, at }) => `${module.place(at)} ${name} has no topic`),
      ...entries
        .filter(({ message }) => !messages.some((each) => each.message === message))
        .map(
          ({ name, message, at }) =>
            `${module.place(at)} ${name} carries ${message}, which is no event of proto/`,
        ),
      ...messages
        .filter(({ message }) => !entries.some((entry) => entry.message === message))
        .map(({ path, message }) => `${path} ${message} is not listed in ${list}`),
    ];
  },
  refuses: [
    { [list]: listing('"case.closed": event("onething.case", 0, window.CaseClosed)'), ...closed() },
    { [list]: listing('"case.closed": event("onething.case", version, window.CaseClosed)'), ...closed() },
    { [list]: listing('"case.closed": event("", 1, window.CaseClosed)'), ...closed() },
    { [list]: listing('closed: event("onething.case", 1, window.CaseClosed)'), ...closed() },
    { [list]: listing('"case.gone": event("onething.case", 1, window.CaseGone)'), ...closed() },
    { [list]: listing(""), ...closed() },
    {},
  ],
  accepts: [{ [list]: listing('"case.closed": event("onething.case", 1, window.CaseClosed)'), ...closed() }],
};

function listing(entries: string): string {
  return `import * as window from "@onething/contracts/window/v1/events"; export const eventTypes = { ${entries} };`;
}

function closed() {
  return {
    "proto/onething/window/v1/events.proto":
      "package onething.window.v1;\nmessage CaseClosed {\n  repeated Why reasons = 1;\n}\nmessage Why {\n  string text = 1;\n}\n",
  };
}
