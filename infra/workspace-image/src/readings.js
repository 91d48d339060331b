// What the container uses: from its cgroup where there is one, else from the operating system's figures of this process.
// https://docs.kernel.org/admin-guide/cgroup-v2.html

import { readFile } from "node:fs/promises";

const CGROUP = "/sys/fs/cgroup";
const MIB = 1024 * 1024;

/** A function that gives the figures since it was last called; `cgroup` and `now` are given by tests. */
export function readings({ cgroup = CGROUP, now = () => performance.now() } = {}) {
  let before;
  return async () => {
    const [memory, cpu] = await Promise.all([memoryBytes(cgroup), cpuMicroseconds(cgroup)]);
    const at = now();
    const elapsed = before ? (at - before.at) * 1000 : 0;
    // The first one knows no time that has passed.
    const percent = elapsed > 0 ? Math.max(0, ((cpu - before.cpu) / elapsed) * 100) : 0;
    before = { at, cpu };
    return { ram_used_mb: Math.round(memory / MIB), cpu_percent: Math.round(percent * 10) / 10 };
  };
}

async function memoryBytes(cgroup) {
  const bytes = Number.parseInt(await read(`${cgroup}/memory.current`), 10);
  return Number.isFinite(bytes) ? bytes : process.memoryUsage().rss;
}

async function cpuMicroseconds(cgroup) {
  const used = /^usage_usec (\d+)$/m.exec(await read(`${cgroup}/cpu.stat`));
  if (used) return Number(used[1]);
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The text of a file, or nothing if there is none. */
async function read(path) {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
