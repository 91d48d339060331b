// Resource usage of the container: from its cgroup if it has one, else from the figures of its processes.
// https://docs.kernel.org/admin-guide/cgroup-v2.html

import { readFile } from "node:fs/promises";

const CGROUP = "/sys/fs/cgroup";
const MIB = 1024 * 1024;

/** Usage of this process: memory in bytes, and CPU time in microseconds since its start. */
export function own() {
  const { user, system } = process.cpuUsage();
  return { memory: process.memoryUsage.rss(), cpu: user + system };
}

/**
 * Returns a function that resolves to the figures since its previous call. `processes` resolves to the usage of all processes, for
 * containers without a cgroup. Tests pass `now`, in milliseconds.
 */
export function readings({ cgroup = process.env.BERTH_CGROUP ?? CGROUP, processes = async () => own(), now = () => performance.now() } = {}) {
  let before;
  return async () => {
    const { memory, cpu } = (cgroup && (await used(cgroup))) || (await processes());
    const at = now();
    const elapsed = before ? (at - before.at) * 1000 : 0;
    // The first call has no interval to measure.
    const percent = elapsed > 0 ? Math.max(0, ((cpu - before.cpu) / elapsed) * 100) : 0;
    before = { at, cpu };
    return { ram_used_mb: Math.round(memory / MIB), cpu_percent: Math.round(percent * 10) / 10 };
  };
}

/** Usage of the cgroup. Resolves to undefined if it lacks memory or CPU figures, as the root cgroup of a machine does. */
async function used(cgroup) {
  const [current, stat] = await Promise.all([read(`${cgroup}/memory.current`), read(`${cgroup}/cpu.stat`)]);
  const memory = Number.parseInt(current, 10);
  const cpu = /^usage_usec (\d+)$/m.exec(stat);
  return Number.isFinite(memory) && cpu ? { memory, cpu: Number(cpu[1]) } : undefined;
}

/** Resolves to the text of a file, or to an empty text if it cannot be read. */
async function read(path) {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
