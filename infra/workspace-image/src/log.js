// Logs: one JSON object a line, which names the workspace and the launch: the log stream is only the task's.

const { BERTH_WORKSPACE_ID: workspace, BERTH_GENERATION: generation } = process.env;

export function log(message, fields = {}) {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), workspace, generation, message, ...fields })}\n`);
}
