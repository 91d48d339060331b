import type { PageTexts, Text } from "../index";
import { audit } from "./audit";
import { auth } from "./auth";
import { billing } from "./billing";
import { common, errors, roles, shell } from "./common";
import { notifications } from "./notifications";
import { overview } from "./overview";
import { account } from "./pages/account";
import { commands } from "./pages/commands";
import { danger } from "./pages/danger";
import { deletion } from "./pages/deletion";
import { deliveries } from "./pages/deliveries";
import { edit } from "./pages/edit";
import { doctor } from "./pages/doctor";
import { general } from "./pages/general";
import { integrationList } from "./pages/integration-list";
import { integrations } from "./pages/integrations";
import { keys } from "./pages/keys";
import { removal } from "./pages/removal";
import { usage } from "./pages/usage";
import { problems } from "./problems";
import { team } from "./team";
import { workspaces } from "./workspaces";

export const de: Text = { common, errors, roles, shell, problems, auth, workspaces, overview, team, billing, notifications };

export const pages: PageTexts = {
  account,
  audit,
  commands,
  danger,
  deletion,
  deliveries,
  doctor,
  edit,
  general,
  integrationList,
  integrations,
  keys,
  removal,
  usage,
};
