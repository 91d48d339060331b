// The texts of these pages. Their English is part of them.

import { usePageText } from "../../text";
import { integrations } from "../../text/en/pages/integrations";

export function useIntegrationsText(): typeof integrations {
  return usePageText("integrations", integrations);
}
