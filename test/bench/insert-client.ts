// Stands in for pgbench: `node insert-client.ts <url> <connections> <seconds> <statement>` prints inserts a second.
import { randomInt } from "node:crypto";
import pg from "pg";

const [url, connections, seconds, text] = process.argv.slice(2) as [string, string, string, string];
const clients = await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  }),
);
const began = performance.now();
const end = began + Number(seconds) * 1000;
let done = 0;
await Promise.all(
  clients.map(async (client) => {
    for (; performance.now() < end; done++)
      await client.query({ name: "insert", text, values: [randomInt(1e9)] });
  }),
);
process.stdout.write(`${(done * 1000) / (performance.now() - began)}\n`);
await Promise.all(clients.map((client) => client.end()));
