// The texts of the list. Their English is part of it.

import { usePageText } from "../../../text";
import { integrationList } from "../../../text/en/pages/integration-list";

export function useListText(): typeof integrationList {
  return usePageText("integrationList", integrationList);
}
