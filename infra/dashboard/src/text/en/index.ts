import { auth } from "./auth";
import { billing } from "./billing";
import { common, errors, roles, shell } from "./common";
import { notifications } from "./notifications";
import { overview } from "./overview";
import { problems } from "./problems";
import { team } from "./team";
import { workspaces } from "./workspaces";

export const en = { common, errors, roles, shell, problems, auth, workspaces, overview, team, billing, notifications };
