// Where imports by name lead, as `paths` of tsconfig.json has it. The client is a package of its own, built here from its source.

import { fileURLToPath } from "node:url";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export const alias = { "~": path("src"), "berth-client": path("client/src/index.ts") };
