// One set-up at a time in a checkout. The holder touches its file every second; a file that nobody has touched for a
// while, or whose process is gone, was left by a set-up that was killed.
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const TOUCH_EVERY_MS = 1_000;
const STALE_AFTER_MS = 15_000;

export async function withLock(folder, say, work) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "set-up.lock");
  for (let told = false; !take(file); told = true) {
    if (!told) say("Another set-up of this checkout is running; waiting for it…");
    await sleep(200);
  }
  const touch = setInterval(() => utimesSync(file, new Date(), new Date()), TOUCH_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isStale(file)) rmSync(file, { force: true });
    return false;
  }
}

function isStale(file) {
  try {
    const age = Date.now() - statSync(file).mtimeMs;
    const pid = Number(readFileSync(file, "utf8"));
    return age > STALE_AFTER_MS || (pid > 0 && !lives(pid));
  } catch {
    return false; // it went away in between
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
