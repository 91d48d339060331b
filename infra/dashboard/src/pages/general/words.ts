// The texts of this page. Their English is part of it.

import { usePageText } from "../../text";
import { danger } from "../../text/en/pages/danger";
import { general } from "../../text/en/pages/general";

export function useGeneralText(): typeof general {
  return usePageText("general", general);
}

export function useDangerText(): typeof danger {
  return usePageText("danger", danger);
}
