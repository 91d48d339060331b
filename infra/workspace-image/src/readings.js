// Resource usage of all containers of the task: as ECS states it, else from the cgroup of this container, else from the figures of
// the processes.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
// https://docs.kernel.org/admin-guide/cgroup-v2.html

import { readFile } from "node:fs/promises";
import { get } from "node:http";

const CGROUP = "/sys/fs/cgroup";
const MIB = 1024 * 1024;
const TIMEOUT = 2_000;
const MOST_BYTES = 1024;
const NONE = { memory: 0, cpu: 0 };

/** Usage of this process: memory in bytes, and CPU time in microseconds since its start. */
export function own() {
  const { user, system } = process.cpuUsage();
  return { memory: process.memoryUsage.rss(), cpu: user + system };
}

/** Sum of `usages`. */
export function sum(usages) {
  return usages.reduce((sum, { memory, cpu }) => ({ memory: sum.memory + memory, cpu: sum.cpu + cpu }), NONE);
}

/** Resolves to the usage that the plugin runtime at `port` states, which is not trusted; nothing without a valid answer in time. */
export function usageAt(port) {
  return new Promise((resolve) => {
    const end = (usage) => {
      clearTimeout(timer);
      call.destroy();
      resolve(usage);
    };
    const timer = setTimeout(() => end(NONE), TIMEOUT);
    const call = get({ host: "127.0.0.1", port, path: "/usage", agent: false }, async (answer) => {
      try {
        let text = "";
        for await (const part of answer.setEncoding("utf8")) {
          text += part;
          if (text.length > MOST_BYTES) throw new RangeError("too long");
        }
        const { memory, cpu } = JSON.parse(text);
        end([memory, cpu].every((number) => Number.isFinite(number) && number >= 0) ? { memory, cpu } : NONE);
      } catch {
        end(NONE);
      }
    });
    call.on("error", () => end(NONE));
  });
}

/**
 * Returns a function that resolves to the figures since its previous call. `metadata` is the URL of the task's metadata, and
 * `processes` resolves to the usage of all processes, for containers without a cgroup. Tests pass `now`, in milliseconds.
 */
export function readings({
  metadata = process.env.ECS_CONTAINER_METADATA_URI_V4,
  cgroup = process.env.BERTH_CGROUP ?? CGROUP,
  processes = async () => own(),
  now = () => performance.now(),
} = {}) {
  let before;
  return async () => {
    const { memory, cpu } = (metadata && (await stated(metadata))) || (cgroup && (await used(cgroup))) || (await processes());
    const at = now();
    const elapsed = before ? (at - before.at) * 1000 : 0;
    // The first call has no interval to measure.
    const percent = elapsed > 0 ? Math.max(0, ((cpu - before.cpu) / elapsed) * 100) : 0;
    before = { at, cpu };
    return { ram_used_mb: Math.round(memory / MIB), cpu_percent: Math.round(percent * 10) / 10 };
  };
}

/** Usage of the task's containers as ECS states it. Resolves to undefined if it states none, as in a task's first seconds. */
async function stated(metadata) {
  try {
    const answer = await fetch(`${metadata}/task/stats`, { signal: AbortSignal.timeout(TIMEOUT) });
    const containers = Object.values(await answer.json()).filter(Boolean);
    const usages = containers.map(({ memory_stats, cpu_stats }) => ({
      memory: memory_stats.usage,
      // It is in nanoseconds.
      cpu: cpu_stats.cpu_usage.total_usage / 1000,
    }));
    const total = sum(usages);
    return usages.length > 0 && Number.isFinite(total.memory) && Number.isFinite(total.cpu) ? total : undefined;
  } catch {
    return undefined;
  }
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
