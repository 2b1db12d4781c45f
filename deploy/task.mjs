// Loaded before a task that deploy/run.mjs starts, so that it ends well however it is told to.
import { constants } from "node:os";

// Should the starter be killed outright, the task stops in good order instead of holding its data folder with nobody
// there to stop it.
const parent = process.ppid;
const look = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(look);
  process.kill(process.pid, "SIGTERM");
}, 100);
look.unref();

// One Ctrl-C may arrive two or three times: from the terminal, from npm and from the starter. An echo of a signal that the
// task is seeing to must not kill it half-way; asked again later, an impatient person is obeyed.
const ECHO_MS = 1_000;
let heardAt;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    const now = performance.now();
    if (process.listenerCount(signal) > 1) heardAt ??= now;
    else if (heardAt === undefined || now - heardAt > ECHO_MS) process.exit(128 + constants.signals[signal]);
  });
}
