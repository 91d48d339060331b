// The texts of this page. Its English is part of it.

import { usePageText } from "../../text";
import { audit } from "../../text/en/audit";

export function useAuditText(): typeof audit {
  return usePageText("audit", audit);
}
