import type { PageTexts, Text } from "../index";
import { account } from "./account";
import { audit } from "./audit";
import { auth } from "./auth";
import { billing } from "./billing";
import { common, errors, roles, shell } from "./common";
import { general } from "./general";
import { notifications } from "./notifications";
import { overview } from "./overview";
import { deliveries } from "./pages/deliveries";
import { integrationList } from "./pages/integration-list";
import { integrations } from "./pages/integrations";
import { problems } from "./problems";
import { team } from "./team";
import { workspaces } from "./workspaces";

export const de: Text = { common, errors, roles, shell, problems, auth, workspaces, overview, general, team, billing, account, notifications };

export const pages: PageTexts = { audit, deliveries, integrationList, integrations };
