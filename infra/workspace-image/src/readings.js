// What the container uses: from its cgroup where it has one, else from what its processes tell of themselves.
// https://docs.kernel.org/admin-guide/cgroup-v2.html

import { readFile } from "node:fs/promises";

const CGROUP = "/sys/fs/cgroup";
const MIB = 1024 * 1024;

/** What this process uses: bytes, and microseconds since it began. */
export function own() {
  const { user, system } = process.cpuUsage();
  return { memory: process.memoryUsage.rss(), cpu: user + system };
}

/**
 * A function that gives the figures since it was last called. `processes` gives what all processes use, where there is no
 * cgroup; `now` is given by tests.
 */
export function readings({ cgroup = process.env.BERTH_CGROUP ?? CGROUP, processes = async () => own(), now = () => performance.now() } = {}) {
  let before;
  return async () => {
    const { memory, cpu } = (cgroup && (await used(cgroup))) || (await processes());
    const at = now();
    const elapsed = before ? (at - before.at) * 1000 : 0;
    // The first one knows no time that has passed.
    const percent = elapsed > 0 ? Math.max(0, ((cpu - before.cpu) / elapsed) * 100) : 0;
    before = { at, cpu };
    return { ram_used_mb: Math.round(memory / MIB), cpu_percent: Math.round(percent * 10) / 10 };
  };
}

/** What the cgroup tells; nothing if it does not tell both, as that of a whole machine does not. */
async function used(cgroup) {
  const [current, stat] = await Promise.all([read(`${cgroup}/memory.current`), read(`${cgroup}/cpu.stat`)]);
  const memory = Number.parseInt(current, 10);
  const cpu = /^usage_usec (\d+)$/m.exec(stat);
  return Number.isFinite(memory) && cpu ? { memory, cpu: Number(cpu[1]) } : undefined;
}

/** The text of a file, or nothing if there is none. */
async function read(path) {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
