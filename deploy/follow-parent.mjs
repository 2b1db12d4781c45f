// Loaded before a task that deploy/run.mjs starts: should the starter be killed outright, the task stops in good order
// instead of holding its data folder with nobody there to stop it.
const parent = process.ppid;

const look = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(look);
  process.kill(process.pid, "SIGTERM");
}, 100);

look.unref();
